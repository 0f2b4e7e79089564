import type { BlockHash } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { MAX_BLOCK_MESSAGE_BYTES } from '../wire/limits';
import { BODIES_IN_FLIGHT, BODY_TIMEOUT_MS, MAX_BODY_BACKLOG_BYTES } from './limits';
import type { PeerSession } from './peerSession';
import { noteTime } from './timed';

/** So many bodies are asked of a peer in one message, unless fewer are wanted or it has nothing else to do. */
const ASKED_AT_ONCE = 4;

/**
 * Which bodies are asked of which peers. A peer's time runs anew with each body it delivers, so that a slow link is told
 * from a peer that withholds.
 */
export class BodyRequests {
	readonly #asked = new Map<BlockHash, PeerSession>();
	readonly #deadlines = new Map<PeerSession, () => void>();
	/** Peers that did not deliver a body: others are asked for it first. */
	readonly #failed = new Map<BlockHash, Set<PeerSession>>();
	/** Since when some body or other has been under way, and how many were asked for since. For the browser's timeline. */
	#busy: { readonly since: DOMHighResTimeStamp; count: number } | undefined;

	/** @param onStall called when a peer's time has run out; what it was asked for is no longer under way */
	constructor(
		private readonly clock: Clock,
		private readonly onStall: (session: PeerSession) => void
	) {}

	get size(): number {
		return this.#asked.size;
	}

	has(hash: BlockHash): boolean {
		return this.#asked.has(hash);
	}

	isAskedOf(session: PeerSession, hash: BlockHash): boolean {
		return this.#asked.get(hash) === session;
	}

	/** How many more bodies the peer may be asked for: fewer while it has sent much that we have not dealt with. */
	room(session: PeerSession): number {
		const freeBytes = MAX_BODY_BACKLOG_BYTES - session.backlogBytes;
		return Math.min(BODIES_IN_FLIGHT, Math.floor(freeBytes / MAX_BLOCK_MESSAGE_BYTES)) - this.#of(session).length;
	}

	/** The same, but nothing while it is little and others are under way: a message for each body would cost more than the body. */
	roomToAsk(session: PeerSession): number {
		const room = this.room(session);
		return room >= ASKED_AT_ONCE || this.#of(session).length === 0 ? room : 0;
	}

	hasFailed(session: PeerSession, hash: BlockHash): boolean {
		return this.#failed.get(hash)?.has(session) ?? false;
	}

	ask(session: PeerSession, hashes: readonly BlockHash[]): void {
		for (const hash of hashes) this.#asked.set(hash, session);
		this.#busy ??= { since: performance.now(), count: 0 };
		this.#busy.count += hashes.length;
		if (!this.#deadlines.has(session)) this.#startDeadline(session);
		session.send({ type: 'getBlocks', hashes });
	}

	/** A body has arrived, from whomever. */
	delivered(hash: BlockHash, from: PeerSession): void {
		const asked = this.#asked.get(hash);
		this.#end(hash);
		this.#failed.delete(hash);
		if (!asked) return;
		if (asked === from) from.stalls = 0;
		if (asked === from || this.#of(asked).length === 0) this.#startDeadline(asked);
	}

	/** The peer says that it does not have this body. */
	missing(hash: BlockHash, from: PeerSession): void {
		if (this.#asked.get(hash) !== from) return;
		this.#fail(hash, from);
		if (this.#of(from).length === 0) this.#endDeadline(from);
	}

	/** Forgets a peer; what it was asked for is free to be asked of others. */
	drop(session: PeerSession): void {
		this.#endDeadline(session);
		for (const hash of this.#of(session)) this.#end(hash);
		for (const [hash, failed] of this.#failed) {
			if (failed.delete(session) && failed.size === 0) this.#failed.delete(hash);
		}
	}

	/** Everybody may be asked for everything again. */
	forgive(): void {
		this.#failed.clear();
	}

	#of(session: PeerSession): BlockHash[] {
		return [...this.#asked].filter(([, asked]) => asked === session).map(([hash]) => hash);
	}

	/** No longer under way, whatever has come of it. */
	#end(hash: BlockHash): void {
		this.#asked.delete(hash);
		if (!this.#busy || this.#asked.size > 0) return;
		noteTime('pollen fetch', this.#busy.count, this.#busy.since);
		this.#busy = undefined;
	}

	#fail(hash: BlockHash, session: PeerSession): void {
		this.#end(hash);
		this.#failed.set(hash, (this.#failed.get(hash) ?? new Set()).add(session));
	}

	/** Begins anew, or ends when nothing is asked of the peer any more. */
	#startDeadline(session: PeerSession): void {
		this.#endDeadline(session);
		if (this.#of(session).length === 0) return;
		const cancel = this.clock.after(BODY_TIMEOUT_MS, () => {
			this.#deadlines.delete(session);
			for (const hash of this.#of(session)) this.#fail(hash, session);
			this.onStall(session);
		});
		this.#deadlines.set(session, cancel);
	}

	#endDeadline(session: PeerSession): void {
		this.#deadlines.get(session)?.();
		this.#deadlines.delete(session);
	}
}
