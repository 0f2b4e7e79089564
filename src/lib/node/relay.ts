import type { TransactionId } from '../bytes/hash';
import { MAX_HEADERS, MAX_INVENTORY } from '../wire/limits';
import type { TipChange } from './activate';
import type { Ledger } from './ledger';
import { isProvable } from './mempool';
import type { PeerSession } from './peerSession';

/** Tells peers of new tips by header and of new transactions by ID; they ask for what they lack. */
export class Relay {
	constructor(
		private readonly ledger: Ledger,
		private readonly sessions: () => Iterable<PeerSession>
	) {}

	/** Announces a new main chain to all peers that are not known to have it. */
	announceTip(change: TipChange): void {
		const headers = change.connected.slice(-MAX_HEADERS).map(({ header }) => header);
		const { tip } = this.ledger.core;
		const { work } = tip;
		for (const session of this.sessions()) {
			const isBehind = (session.best?.work ?? 0n) < work;
			// A chain that a closing has made final may outrank one with more work.
			if (isBehind || (tip.isFinal && session.best?.tip !== tip.hash)) session.send({ type: 'headers', headers });
		}
	}

	/** Tells one peer of our tip if it changed since our hello, while the peer was not yet among those that are told. */
	catchUp(session: PeerSession): void {
		const { tip } = this.ledger.core;
		if (session.told !== tip.hash) session.send({ type: 'headers', headers: [tip.header] });
	}

	announceTransactions(ids: readonly TransactionId[]): void {
		for (const session of this.sessions()) this.#announceTo(session, ids);
	}

	/** Tells one peer of everything that is pending, and of closings, as far as it does not know them. */
	announceMempool(session: PeerSession): void {
		this.#announceTo(session, this.#offered());
	}

	/** Tells one peer of everything that is pending, also of what it was told before: it may have failed to keep it. */
	tellMempool(session: PeerSession): void {
		tell(session, this.#offered());
	}

	/** Closings are told of even when they are recorded: the peer may stand on a chain that cannot take them. */
	#offered(): TransactionId[] {
		const { core } = this.ledger;
		const pending = core.mempool.all().filter((transaction) => isProvable(core, transaction));
		return [...new Set([...pending, ...core.closings.all].map(({ id }) => id))];
	}

	#announceTo(session: PeerSession, ids: readonly TransactionId[]): void {
		tell(
			session,
			ids.filter((id) => !session.known.has(id))
		);
	}
}

function tell(session: PeerSession, ids: readonly TransactionId[]): void {
	for (const id of ids) session.known.add(id);
	for (let start = 0; start < ids.length; start += MAX_INVENTORY) {
		session.send({ type: 'inventory', ids: ids.slice(start, start + MAX_INVENTORY) });
	}
}
