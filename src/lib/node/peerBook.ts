import { Backoff } from '../network/backoff';
import type { PeerId } from '../network/port';
import { pick } from './chance';
import { MAX_BOOK, MAX_BOOK_FAILURES, MAX_HEARD_FROM_ONE, MAX_WORTH_DIALLING, RETRY_MS } from './limits';

/** A peer that may be dialled some day. */
interface Entry {
	readonly peerId: PeerId;
	/** Who told us of it; undefined for one that this node was linked to itself, now or in its last session. */
	readonly source: PeerId | undefined;
	/** Since it was last linked. */
	failures: number;
	/** It is not dialled earlier than this. */
	dueAt: number;
	readonly backoff: Backoff;
}

/**
 * Peers that this node knows of, to choose from when it wants another link. What others tell is only a hint and may be made up:
 * everybody who tells has a share of the book that is small, and the same chance to be believed however much it tells, so that one
 * liar can neither push all others out nor be all that is dialled.
 */
export class PeerBook {
	/** Newest last. */
	readonly #entries = new Map<PeerId, Entry>();

	/** `random` gives numbers from 0 (inclusive) to 1 (exclusive). */
	constructor(private readonly random: () => number) {}

	get size(): number {
		return this.#entries.size;
	}

	has(peerId: PeerId): boolean {
		return this.#entries.has(peerId);
	}

	/** Peers that this node was linked to, newest first: where to begin after a restart. */
	worthDialling(): PeerId[] {
		return this.#from(undefined)
			.map(({ peerId }) => peerId)
			.toReversed();
	}

	/** Notes a peer that this node is linked to, or was in its last session. */
	noteLinked(peerId: PeerId): void {
		this.#entries.delete(peerId);
		this.#add(peerId, undefined, MAX_WORTH_DIALLING);
	}

	/** Takes what a peer tells of others. What is known already keeps its place and its source. */
	hear(source: PeerId, peerIds: readonly PeerId[]): void {
		for (const peerId of peerIds) {
			if (!this.#entries.has(peerId)) this.#add(peerId, source, MAX_HEARD_FROM_ONE);
		}
	}

	/** Notes that a link was lost or could not be made: the peer is left alone for a while, longer each time, and forgotten in the end. */
	noteFailure(peerId: PeerId, now: number): void {
		const entry = this.#entries.get(peerId);
		if (!entry) return;
		entry.failures += 1;
		entry.dueAt = now + entry.backoff.nextMs();
		if (entry.failures > MAX_BOOK_FAILURES) this.#entries.delete(peerId);
	}

	forget(peerId: PeerId): void {
		this.#entries.delete(peerId);
	}

	/** What stood in the way of all may be gone: everybody may be dialled at once. */
	forgive(): void {
		for (const entry of this.#entries.values()) entry.dueAt = 0;
	}

	/** Somebody to dial now, of those whom `isFree` allows: the least often failed, from a source of chance. */
	choose(now: number, isFree: (peerId: PeerId) => boolean): PeerId | undefined {
		const due = this.#due(now, isFree);
		const fewest = Math.min(...due.map(({ failures }) => failures));
		return this.#chooseOf(due.filter(({ failures }) => failures === fewest));
	}

	/** Anybody, also those who failed: they may be on the other side of a network that was parted. */
	chooseAny(now: number, isFree: (peerId: PeerId) => boolean): PeerId | undefined {
		return this.#chooseOf(this.#due(now, isFree));
	}

	#due(now: number, isFree: (peerId: PeerId) => boolean): Entry[] {
		return [...this.#entries.values()].filter(({ peerId, dueAt }) => dueAt <= now && isFree(peerId));
	}

	#chooseOf(candidates: readonly Entry[]): PeerId | undefined {
		const source = pick([...new Set(candidates.map((entry) => entry.source))], this.random);
		return pick(
			candidates.filter((entry) => entry.source === source),
			this.random
		)?.peerId;
	}

	/** When the next of those whom `isFree` allows may be dialled. */
	nextDueAt(isFree: (peerId: PeerId) => boolean): number | undefined {
		const times = [...this.#entries.values()].filter(({ peerId }) => isFree(peerId)).map(({ dueAt }) => dueAt);
		return times.length > 0 ? Math.min(...times) : undefined;
	}

	#add(peerId: PeerId, source: PeerId | undefined, share: number): void {
		this.#entries.set(peerId, { peerId, source, failures: 0, dueAt: 0, backoff: new Backoff(RETRY_MS, this.random) });
		if (this.#from(source).length > share) this.#dropWorst(source);
		if (this.#entries.size > MAX_BOOK) this.#dropWorst(this.#largestSource());
	}

	/** The most often failed of one source, the oldest of these. */
	#dropWorst(source: PeerId | undefined): void {
		const entries = this.#from(source);
		const most = Math.max(...entries.map(({ failures }) => failures));
		const worst = entries.find(({ failures }) => failures === most);
		if (worst) this.#entries.delete(worst.peerId);
	}

	/** Who told of most peers. Those that this node was linked to are never dropped for what others tell. */
	#largestSource(): PeerId | undefined {
		const sizes = new Map<PeerId, number>();
		for (const { source } of this.#entries.values()) if (source) sizes.set(source, (sizes.get(source) ?? 0) + 1);
		return [...sizes].toSorted(([, a], [, b]) => b - a)[0]?.[0];
	}

	#from(source: PeerId | undefined): Entry[] {
		return [...this.#entries.values()].filter((entry) => entry.source === source);
	}
}
