import type { TransactionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { MAX_HEADERS } from '../wire/limits';
import type { TipChange } from './activate';
import { Inventories } from './inventories';
import type { Ledger } from './ledger';
import { INVENTORY_REQUEST_MS } from './limits';
import { isProvable } from './mempool';
import type { PeerSession } from './peerSession';

export interface RelayParts {
	readonly ledger: Pick<Ledger, 'core'>;
	readonly sessions: () => Iterable<PeerSession>;
	readonly clock: Clock;
	/** Uniform in [0, 1). */
	readonly random: () => number;
	/** Whether a transaction is not to be spoken of yet. */
	readonly isWithheld: (id: TransactionId) => boolean;
}

/** Tells peers of new tips by header and of new transactions by ID; they ask for what they lack. */
export class Relay {
	readonly #inventories: Inventories;
	/** When a peer was last told of everything because it asked. */
	readonly #toldAllAt = new WeakMap<PeerSession, number>();

	constructor(private readonly parts: RelayParts) {
		this.#inventories = new Inventories(parts.clock, parts.random);
	}

	/** Announces a new main chain to all peers that are not known to have it. */
	announceTip(change: TipChange): void {
		const headers = change.connected.slice(-MAX_HEADERS).map(({ header }) => header);
		for (const session of this.parts.sessions()) {
			if (this.#mayLackTip(session)) session.send({ type: 'headers', headers });
		}
	}

	/** Says our tip again to all peers that are not known to have it: the announcement may have been lost. */
	repeatTip(): void {
		const { tip } = this.parts.ledger.core;
		if (!tip.parent) return;
		for (const session of this.parts.sessions()) {
			if (this.#mayLackTip(session)) session.send({ type: 'headers', headers: [tip.header] });
		}
	}

	/** Tells one peer of our tip if it changed since our hello, while the peer was not yet among those that are told. */
	catchUp(session: PeerSession): void {
		const { tip } = this.parts.ledger.core;
		if (session.told !== tip.hash) session.send({ type: 'headers', headers: [tip.header] });
	}

	announceTransactions(ids: readonly TransactionId[]): void {
		const spoken = ids.filter((id) => !this.parts.isWithheld(id));
		for (const session of this.parts.sessions()) this.#inventories.announce(session, spoken);
	}

	/** Tells one peer of everything that is pending, and of closings, as far as it does not know them. */
	announceMempool(session: PeerSession): void {
		this.#inventories.announce(session, this.#offered());
	}

	/**
	 * Tells one peer of everything that is pending, also of what it was told and sent before: it may have failed to keep it. Ignores
	 * a peer that asks too often.
	 */
	tellMempool(session: PeerSession): void {
		const now = this.parts.clock.now();
		if (now - (this.#toldAllAt.get(session) ?? -Infinity) < INVENTORY_REQUEST_MS) return;
		this.#toldAllAt.set(session, now);
		session.transactions.forgetSent();
		this.#inventories.tell(session, this.#offered());
	}

	/** Sends a peer those of the transactions that are pending, or closings, each once. */
	sendTransactions(session: PeerSession, ids: readonly TransactionId[]): void {
		const { core } = this.parts.ledger;
		for (const id of ids) {
			const pending = core.mempool.get(id);
			const known = pending && isProvable(core, pending) ? pending : core.closings.get(id);
			// What is no longer pending is in a block by now, and reaches the peer with it.
			if (!known || this.parts.isWithheld(id) || session.transactions.isSent(id)) continue;
			session.send({ type: 'transaction', transaction: known.bytes });
			session.transactions.noteSent(id);
		}
	}

	/** Peers known to hold a transaction. */
	holders(id: TransactionId): number {
		return [...this.parts.sessions()].filter((session) => session.transactions.isHeld(id)).length;
	}

	/**
	 * Forgets who has what stands in a block now: nobody is told of it any more. Should the block be undone, everybody is, because
	 * nobody knows which of them lost it too.
	 */
	forget(ids: readonly TransactionId[]): void {
		const { closings } = this.parts.ledger.core;
		const settled = ids.filter((id) => !closings.has(id));
		for (const { transactions } of this.parts.sessions()) for (const id of settled) transactions.forget(id);
	}

	#mayLackTip({ best }: PeerSession): boolean {
		const { tip } = this.parts.ledger.core;
		// A chain that a closing has made final may outrank one with more work.
		return (best?.work ?? 0n) < tip.work || (tip.isFinal && best?.tip !== tip.hash);
	}

	/** Closings are told of even when they are recorded: the peer may stand on a chain that cannot take them. */
	#offered(): TransactionId[] {
		const { core } = this.parts.ledger;
		const pending = core.mempool.all().filter((transaction) => isProvable(core, transaction));
		const ids = new Set([...pending, ...core.closings.all].map(({ id }) => id));
		return [...ids].filter((id) => !this.parts.isWithheld(id));
	}
}
