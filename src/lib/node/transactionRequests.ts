import type { TransactionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { BoundedSet } from './boundedSet';
import type { Ledger } from './ledger';
import { MAX_OFFERED_PER_PEER, MAX_REFUSED, TRANSACTIONS_IN_FLIGHT, TRANSACTION_TIMEOUT_MS } from './limits';
import type { PeerSession } from './peerSession';

/** What one message asked for, as far as it has not come. */
interface Batch {
	readonly session: PeerSession;
	readonly ids: Set<TransactionId>;
	cancel(): void;
}

/** What one peer announced and we lack. */
interface Peer {
	/** Not asked of it yet: others are asked first, or there is no room. In the order of announcement. */
	readonly offered: Set<TransactionId>;
	readonly batches: Set<Batch>;
}

/**
 * Which transactions are asked of which peers: each of one peer at a time, of each peer no more than it can be expected to
 * deliver soon. What a peer leaves unanswered is asked of another that announced it.
 */
export class TransactionRequests {
	readonly #peers = new Map<PeerSession, Peer>();
	readonly #asked = new Map<TransactionId, Batch>();
	/** Refused for what the chain, the clock or another transaction is like now: not asked for again until that changes. */
	readonly #refused = new BoundedSet<TransactionId>(MAX_REFUSED);

	constructor(
		private readonly ledger: Pick<Ledger, 'core'>,
		private readonly sessions: () => Iterable<PeerSession>,
		private readonly clock: Clock
	) {}

	/** A peer says that it has these. */
	announced(session: PeerSession, ids: readonly TransactionId[]): void {
		const { offered } = this.#peer(session);
		for (const id of ids) {
			if (offered.size >= MAX_OFFERED_PER_PEER) break;
			if (!this.#isKnown(id) && this.#asked.get(id)?.session !== session) offered.add(id);
		}
		this.#fill(session);
	}

	/** Whether somebody announced it, and it has not come yet. */
	isWanted(id: TransactionId): boolean {
		return this.#asked.has(id) || [...this.#peers.values()].some(({ offered }) => offered.has(id));
	}

	/** These have arrived, from whomever and however: nobody is to be asked for them. */
	settle(ids: readonly TransactionId[]): void {
		for (const id of ids) {
			const batch = this.#asked.get(id);
			if (batch) this.#take(batch, id);
			for (const { offered } of this.#peers.values()) offered.delete(id);
		}
		for (const [session, { offered, batches }] of this.#peers) {
			// Not for each that arrives: looking through all that a peer offers takes time.
			if (offered.size > 0 && inFlight(batches) <= TRANSACTIONS_IN_FLIGHT / 2) this.#fill(session);
		}
	}

	noteRefused(id: TransactionId): void {
		this.#refused.add(id);
	}

	isRefused(id: TransactionId): boolean {
		return this.#refused.has(id);
	}

	/** What was refused may be right by another tip or at another time. */
	forgive(): void {
		this.#refused.clear();
	}

	/** Asks every peer to announce all that it has, also what was refused before. */
	askAnew(): void {
		this.forgive();
		for (const session of this.sessions()) session.send({ type: 'getTransactions', ids: [] });
	}

	/** Forgets a peer; what it was asked for is asked of others. */
	drop(session: PeerSession): void {
		const peer = this.#peers.get(session);
		if (!peer) return;
		this.#peers.delete(session);
		for (const batch of peer.batches) this.#end(batch);
		this.#fillAll();
	}

	#isKnown(id: TransactionId): boolean {
		const { mempool, state, closings } = this.ledger.core;
		return mempool.has(id) || state.hasTransaction(id) || closings.has(id) || this.#refused.has(id);
	}

	#fillAll(): void {
		for (const session of this.#peers.keys()) this.#fill(session);
	}

	/** Asks a peer for what it offers and nobody is asked for, as far as there is room. */
	#fill(session: PeerSession): void {
		const { offered, batches } = this.#peer(session);
		const room = TRANSACTIONS_IN_FLIGHT - inFlight(batches);
		const ids: TransactionId[] = [];
		for (const id of offered) {
			if (ids.length >= room) break;
			if (this.#asked.has(id)) continue;
			offered.delete(id);
			if (!this.#isKnown(id)) ids.push(id);
		}
		if (ids.length > 0) this.#ask(session, ids);
	}

	#ask(session: PeerSession, ids: readonly TransactionId[]): void {
		const cancel = this.clock.after(TRANSACTION_TIMEOUT_MS, () => {
			this.#end(batch);
			this.#fillAll();
		});
		const batch: Batch = { session, ids: new Set(ids), cancel };
		this.#peer(session).batches.add(batch);
		for (const id of ids) this.#asked.set(id, batch);
		session.send({ type: 'getTransactions', ids });
	}

	#take(batch: Batch, id: TransactionId): void {
		this.#asked.delete(id);
		batch.ids.delete(id);
		if (batch.ids.size === 0) this.#end(batch);
	}

	#end(batch: Batch): void {
		batch.cancel();
		for (const id of batch.ids) this.#asked.delete(id);
		this.#peers.get(batch.session)?.batches.delete(batch);
	}

	#peer(session: PeerSession): Peer {
		const known = this.#peers.get(session);
		if (known) return known;
		const peer: Peer = { offered: new Set(), batches: new Set() };
		if (!session.closed) this.#peers.set(session, peer);
		return peer;
	}
}

function inFlight(batches: Iterable<Batch>): number {
	let count = 0;
	for (const { ids } of batches) count += ids.size;
	return count;
}
