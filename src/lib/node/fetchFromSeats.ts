import type { ElectionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import type { Election } from '../election/definition';
import type { Network, PeerId } from '../network/port';
import { fetchElection } from './fetchElection';
import { seatsOf } from './rendezvous';

/**
 * Fetches the definition of an election from whoever sits on one of its seats; undefined when nobody does who can tell. Never
 * rejects.
 */
export async function fetchFromSeats(
	network: Network,
	clock: Clock,
	electionId: ElectionId
): Promise<Election | undefined> {
	const answers = seatsOf(electionId).map((seat) => fetchFromSeat(network, clock, seat, electionId));
	return await Promise.any(answers).catch(() => undefined);
}

/** An empty seat is found out by taking it, which costs no connection; it is given up at once. */
async function fetchFromSeat(network: Network, clock: Clock, seat: PeerId, electionId: ElectionId): Promise<Election> {
	const claim = await network.claim(seat, () => undefined);
	claim?.release();
	if (claim) throw new Error('nobody sits there');
	return await fetchElection(network, clock, seat, electionId);
}
