import type { ElectionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import type { Election } from '../election/definition';
import { errorCode, PollenError } from '../errors/pollenError';
import type { Network, PeerId } from '../network/port';
import type { ReadDefinition } from '../organising/readDefinition';
import { fetchElection } from './fetchElection';
import { seatsOf } from './rendezvous';

/**
 * Fetches the definition of an election from whoever sits on one of its seats. Rejects with too-many-peers when those who do have
 * no room even for a question, and no-election when nobody was found who can tell.
 */
export async function fetchFromSeats(
	network: Network,
	clock: Clock,
	electionId: ElectionId,
	read: ReadDefinition
): Promise<Election> {
	const answers = seatsOf(electionId).map((seat) => fetchFromSeat(network, clock, seat, electionId, read));
	return await Promise.any(answers).catch(({ errors }: AggregateError) => {
		const isFull = errors.some((error) => errorCode(error, 'no-election') === 'too-many-peers');
		throw new PollenError(
			isFull ? 'too-many-peers' : 'no-election',
			'nobody who holds this election could hand it over'
		);
	});
}

/** An empty seat is found out by taking it, which costs no connection; it is given up at once. */
async function fetchFromSeat(
	network: Network,
	clock: Clock,
	seat: PeerId,
	electionId: ElectionId,
	read: ReadDefinition
): Promise<Election> {
	const claim = await network.claim(seat, () => undefined);
	claim?.release();
	if (claim) throw new Error('nobody sits there');
	return await fetchElection(network, clock, seat, electionId, read);
}
