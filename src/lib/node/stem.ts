import type { TransactionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import type { Election } from '../election/definition';
import { transactionId, type Transaction } from '../election/transaction';
import type { Admission } from './admit';
import { pick } from './chance';
import { Embargo } from './embargo';
import type { Ledger } from './ledger';
import { STEM_LINKS, STEM_MARGIN_MS, STEM_SPREAD_CHANCE } from './limits';
import type { PeerSession } from './peerSession';

export interface StemParts {
	readonly ledger: Ledger;
	readonly election: Pick<Election, 'closesAt'>;
	readonly clock: Clock;
	/** Uniform in [0, 1). */
	readonly random: () => number;
	readonly sessions: () => Iterable<PeerSession>;
	/** These may be spoken of from now on. */
	readonly onPublic: (ids: readonly TransactionId[]) => void;
}

/**
 * How a ballot gets from the tab in which it was cast to everybody without that tab being the first from which anybody hears of it:
 * it goes from peer to peer, known to those on its way alone, until one of them, chosen by chance, spreads it. Each of them
 * keeps it under an embargo, after which it spreads the ballot itself, should nobody have done so.
 *
 * After G. Fanti et al., "Dandelion++: Lightweight Cryptocurrency Networking with Formal Anonymity Guarantees", 2018
 * (arXiv:1805.11060). Unlike there, each transaction has a way of its own, because a voter casts one ballot, not many.
 */
export class Stem {
	readonly #embargo: Embargo;
	/** Of the last session: held back since the start, and not sent to anybody yet. */
	readonly #unsent = new Set<TransactionId>();

	constructor(private readonly parts: StemParts) {
		this.#embargo = new Embargo(parts.clock, parts.random, (id) => this.#ended(id));
	}

	/** Whether it is not to be spoken of, even to who asks for it. */
	isWithheld(id: TransactionId): boolean {
		return this.#embargo.has(id);
	}

	/** Whether it is to be kept out of our blocks. A node that is alone tells nobody by them. */
	isKeptFromBlocks(id: TransactionId): boolean {
		return this.#embargo.has(id) && this.#peers().length > 0;
	}

	/** Admits what was made on this device, and sends it on its way. Rejects with the code of the broken rule, changing nothing. */
	async cast(transaction: Transaction): Promise<Admission> {
		const { ledger } = this.parts;
		const id = transactionId(transaction);
		const isKnown = ledger.core.mempool.has(id) || ledger.core.state.hasTransaction(id);
		if (isKnown || !this.#isWorthwhile()) return await ledger.addTransaction(transaction, 'strict');
		// Before it is admitted, because what is admitted is announced.
		this.#embargo.place(id);
		try {
			const admission = await ledger.addTransaction(transaction, 'strict');
			this.passOn(id);
			return admission;
		} catch (error) {
			this.#embargo.lift(id);
			throw error;
		}
	}

	/**
	 * Holds back what was made on this device before it was started: nobody may have heard of it yet, and peers will tell of it if
	 * they have.
	 */
	hold(ids: readonly TransactionId[]): void {
		for (const id of ids) {
			this.#unsent.add(id);
			this.#embargo.place(id);
		}
	}

	/**
	 * A peer has handed on a transaction that is not public. Returns whether this node does so too, once it is found valid; if
	 * not, it takes it like any other.
	 */
	begin(id: TransactionId): boolean {
		const { mempool, state } = this.parts.ledger.core;
		const isPublic = (mempool.has(id) && !this.#embargo.has(id)) || state.hasTransaction(id);
		if (isPublic || this.#isLate() || this.parts.random() < STEM_SPREAD_CHANCE) return false;
		this.#embargo.place(id);
		return true;
	}

	/** Hands a pending transaction to somebody who does not have it, or spreads it when there is nobody left. */
	passOn(id: TransactionId): void {
		this.#unsent.delete(id);
		if (!this.#embargo.has(id)) return;
		const pending = this.parts.ledger.core.mempool.get(id);
		const next = this.#choose(id);
		if (!pending || !next) return this.heard([id]);
		next.send({ type: 'stem', transaction: pending.bytes });
		next.transactions.noteSent(id);
	}

	/** What others speak of is public. */
	heard(ids: readonly TransactionId[]): void {
		const lifted = ids.filter((id) => this.#embargo.lift(id));
		if (lifted.length > 0) this.#publish(lifted);
	}

	/** These were refused, or stand in a block. */
	forget(ids: readonly TransactionId[]): void {
		for (const id of ids) this.#embargo.lift(id);
	}

	stop(): void {
		this.#embargo.stop();
	}

	#peers(): PeerSession[] {
		return [...this.parts.sessions()];
	}

	/** Where there are few, each of them knows whose it must be in any case. */
	#isWorthwhile(): boolean {
		return this.#peers().length >= STEM_LINKS && !this.#isLate();
	}

	/** Whether the poll closes so soon that an embargo could cost the vote. */
	#isLate(): boolean {
		const { election, clock } = this.parts;
		return election.closesAt !== null && Date.parse(election.closesAt) - clock.now() < STEM_MARGIN_MS;
	}

	/** Rather one that we chose than one that chose us: whoever wants to listen can dial everybody. */
	#choose(id: TransactionId): PeerSession | undefined {
		const others = this.#peers().filter(({ transactions }) => !transactions.isHeld(id));
		const outbound = others.filter(({ direction }) => direction === 'outbound');
		return pick(outbound.length > 0 ? outbound : others, this.parts.random);
	}

	#ended(id: TransactionId): void {
		const isAlone = this.#peers().length === 0;
		const goesByStem = this.#unsent.has(id) && this.#isWorthwhile();
		// Where there is nobody, the first to come is not to be told either, as if it were news.
		if (isAlone || goesByStem) this.#embargo.place(id);
		if (goesByStem) this.passOn(id);
		else this.#publish([id]);
	}

	#publish(ids: readonly TransactionId[]): void {
		const { mempool } = this.parts.ledger.core;
		this.parts.onPublic(ids.filter((id) => mempool.has(id) && !this.#embargo.has(id)));
	}
}
