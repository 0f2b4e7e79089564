import type { ElectionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { errorCode, isOwnFault } from '../errors/pollenError';
import type { Claim, Network, PeerId } from '../network/port';
import { between } from './chance';
import { askPeers } from './fetchElection';
import {
	CURIOUS_HOLDER_MS,
	CURIOUS_MS,
	ENOUGH_LINKS,
	ROUND_ALONE_MS,
	ROUND_MS,
	SEATS,
	MAX_VISITS,
	SEAT_REST_MS
} from './limits';

/** The well-known IDs under which nodes of an election can be found on a signalling server (DESIGN section 6). */
export function seatsOf(electionId: ElectionId): PeerId[] {
	return Array.from({ length: SEATS }, (_, seat) => `pollen-${electionId.slice(0, 24)}-${seat}` as PeerId);
}

export interface RendezvousSurroundings {
	/** Links that stand. */
	links(): number;
	/** Takes peer IDs of nodes of the election, told by whoever holds a seat. */
	hearOf(seat: PeerId, peerIds: readonly string[]): void;
}

/**
 * Sees to it that an election link is enough to find the election: each node tries to hold one of its few seats, and a seat that
 * is taken is somebody to talk to. A seat is a way in and nothing else: whoever holds one is asked for peers, believed nothing,
 * and left. Trying to take a seat is also how it is found out whether anybody sits there, because dialling an empty one costs
 * the browser a connection.
 */
export class Rendezvous {
	#held: { readonly seat: PeerId; readonly claim: Claim } | undefined;
	#cancel: (() => void) | undefined;
	#isBusy = false;
	#stopped = false;
	/** When a seat is asked although nothing is missing. */
	#curiousAt: number;
	/** Since the seat was taken. */
	#visits = 0;
	/** Until then others are to sit. */
	#restsUntil = 0;

	constructor(
		private readonly electionId: ElectionId,
		private readonly network: Network,
		private readonly clock: Clock,
		private readonly random: () => number,
		private readonly surroundings: RendezvousSurroundings
	) {
		this.#curiousAt = this.#in(CURIOUS_HOLDER_MS);
	}

	/** Called when the signalling server can be reached. */
	start(): void {
		if (this.#stopped || this.#isBusy) return;
		this.#cancel?.();
		void this.#round();
	}

	stop(): void {
		this.#stopped = true;
		this.#cancel?.();
		this.#leaveSeat();
	}

	/** Somebody came to ask. Who has been asked often lets another sit, if there is one. */
	visited(): void {
		this.#visits += 1;
		if (!this.#held || this.#visits < MAX_VISITS || this.surroundings.links() < ENOUGH_LINKS) return;
		this.#leaveSeat();
		this.#restsUntil = this.clock.now() + SEAT_REST_MS;
	}

	#leaveSeat(): void {
		this.#held?.claim.release();
		this.#held = undefined;
		this.#visits = 0;
	}

	async #round(): Promise<void> {
		this.#isBusy = true;
		for (const seat of this.#shuffled()) {
			if (this.#stopped || this.network.signalling !== 'online' || this.#isContent()) break;
			await this.#try(seat);
		}
		this.#isBusy = false;
		if (this.#stopped) return;
		if (this.#isCurious()) this.#beCuriousLater();
		const dueAt = this.#in(this.#isContent() ? ROUND_MS : ROUND_ALONE_MS);
		this.#cancel = this.clock.after(dueAt - this.clock.now(), () => this.start());
	}

	/** Nothing is missing: this node can be found, and has others to talk to. */
	#isContent(): boolean {
		const isFound = this.#held !== undefined || this.#isResting();
		return isFound && this.surroundings.links() >= ENOUGH_LINKS && !this.#isCurious();
	}

	/**
	 * Those who hold together lack nothing, and would never hear of others who do the same, as after a network was parted. The more
	 * there are, the sooner one of them asks; so each does it rarely, and those at a seat, who are few, more often.
	 */
	#isCurious(): boolean {
		return this.clock.now() >= this.#curiousAt;
	}

	#isResting(): boolean {
		return this.clock.now() < this.#restsUntil;
	}

	#beCuriousLater(): void {
		this.#curiousAt = this.#in(this.#held ? CURIOUS_HOLDER_MS : CURIOUS_MS);
	}

	#in(range: readonly [number, number]): number {
		return this.clock.now() + between(range, this.random);
	}

	async #try(seat: PeerId): Promise<void> {
		try {
			const claim = await this.network.claim(seat, () => this.#lost(seat));
			if (!claim) await this.#visit(seat);
			else if (this.#held || this.#stopped || this.#isResting()) claim.release();
			else this.#held = { seat, claim };
		} catch (error) {
			// An unreachable server, or a seat whose holder is gone: the next round tries again.
			if (isOwnFault(errorCode(error, 'link-lost'))) throw error;
		}
	}

	async #visit(seat: PeerId): Promise<void> {
		if (this.surroundings.links() >= ENOUGH_LINKS && !this.#isCurious()) return;
		this.#beCuriousLater();
		this.surroundings.hearOf(seat, await askPeers(this.network, this.clock, seat, this.electionId));
	}

	#lost(seat: PeerId): void {
		if (this.#held?.seat === seat) this.#held = undefined;
	}

	/** All seats but our own, in an order of chance, so that nodes do not all knock at the same one. */
	#shuffled(): PeerId[] {
		return seatsOf(this.electionId)
			.filter((seat) => seat !== this.#held?.seat)
			.map((seat) => ({ seat, key: this.random() }))
			.sort((a, b) => a.key - b.key)
			.map(({ seat }) => seat);
	}
}
