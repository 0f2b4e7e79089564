import type { Clock } from '../clock/port';
import type { PeerId } from '../network/port';
import { between } from './chance';
import { ASK_PEERS_MS, ENOUGH_TO_REST, MAX_DIALLING, MAX_OUTBOUND, MINGLE_MS, PAUSE_MS } from './limits';
import type { PeerBook } from './peerBook';

export interface OutreachSurroundings {
	/** Whether peers can be dialled at all now. */
	canDial(): boolean;
	/** Links that stand. */
	links(): { readonly outbound: number; readonly all: number };
	/** Dials under way, which may become outbound links. */
	dialling(): number;
	/** Whether a peer may be dialled by the node itself, as far as links go. */
	isFree(peerId: PeerId): boolean;
	dial(peerId: PeerId): void;
	/** Asks all peers for others. */
	askPeers(): void;
}

/**
 * Sees to it that the node has links that it chose itself: they are what an attacker cannot take. It dials from the book while it
 * has too few, and leaves some room for those who dial it.
 */
export class Outreach {
	#cancel: (() => void) | undefined;
	#askAt: number;
	#restsUntil = 0;
	/** Set while there are enough links. */
	#mingleAt: number | undefined;
	#isLooking = false;
	#stopped = false;

	constructor(
		private readonly book: PeerBook,
		private readonly clock: Clock,
		private readonly random: () => number,
		private readonly surroundings: OutreachSurroundings
	) {
		this.#askAt = clock.now() + between(ASK_PEERS_MS, this.random);
	}

	/** Call when links, dials or the book have changed. */
	look(): void {
		// Dialling changes what this looks at, and says so.
		if (this.#isLooking || this.#stopped) return;
		this.#isLooking = true;
		this.#cancel?.();
		this.#cancel = undefined;
		const { book, clock, surroundings } = this;
		while (this.#hasRoom()) {
			const peerId = book.choose(clock.now(), surroundings.isFree);
			if (peerId === undefined) break;
			surroundings.dial(peerId);
		}
		if (this.#lacksLinks()) this.#lookLater();
		else this.#mingle();
		this.#isLooking = false;
	}

	/** Dials nobody for a while: it was not for the peer that a dial failed. */
	rest(): void {
		this.#restsUntil = this.clock.now() + PAUSE_MS;
	}

	/** What stood in the way of all dials may be gone. */
	lookNow(): void {
		this.#restsUntil = 0;
		this.book.forgive();
		this.look();
	}

	stop(): void {
		this.#stopped = true;
		this.#cancel?.();
	}

	#lacksLinks(): boolean {
		const { canDial, links, dialling } = this.surroundings;
		const { outbound, all } = links();
		return canDial() && outbound + dialling() < MAX_OUTBOUND && all + dialling() < ENOUGH_TO_REST;
	}

	#hasRoom(): boolean {
		const isResting = this.clock.now() < this.#restsUntil;
		return !isResting && this.#lacksLinks() && this.surroundings.dialling() < MAX_DIALLING;
	}

	/** Nobody else can be dialled for now: until somebody can, peers are asked again now and then. */
	#lookLater(): void {
		this.#mingleAt = undefined;
		const now = this.clock.now();
		if (this.#askAt <= now) {
			this.#askAt = now + between(ASK_PEERS_MS, this.random);
			this.surroundings.askPeers();
		}
		const dueAt = Math.min(this.#nextDialAt(now) ?? this.#askAt, this.#askAt);
		this.#cancel = this.clock.after(dueAt - now, () => this.look());
	}

	/**
	 * There are links enough, but all may be among a few who hold together, as after a network was parted: now and then another peer
	 * is tried, and takes the place of one that this node dialled.
	 */
	#mingle(): void {
		const { book, clock, surroundings } = this;
		const now = clock.now();
		this.#mingleAt ??= now + between(MINGLE_MS, this.random);
		if (this.#mingleAt <= now) {
			this.#mingleAt = now + between(MINGLE_MS, this.random);
			const peerId = surroundings.canDial() ? book.chooseAny(now, surroundings.isFree) : undefined;
			if (peerId !== undefined) surroundings.dial(peerId);
		}
		this.#cancel = clock.after(this.#mingleAt - now, () => this.look());
	}

	#nextDialAt(now: number): number | undefined {
		if (now < this.#restsUntil) return this.#restsUntil;
		// The end of a dial that is under way makes this look again by itself.
		return this.#hasRoom() ? this.book.nextDueAt(this.surroundings.isFree) : undefined;
	}
}
