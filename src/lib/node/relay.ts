import type { TransactionId } from '../bytes/hash';
import { MAX_HEADERS, MAX_INVENTORY } from '../wire/limits';
import type { TipChange } from './activate';
import type { Ledger } from './ledger';
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
		const { work } = this.ledger.core.tip;
		for (const session of this.sessions()) {
			if ((session.best?.work ?? 0n) < work) session.send({ type: 'headers', headers });
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

	/** Tells one peer of everything that is pending and that it does not know. */
	announceMempool(session: PeerSession): void {
		this.#announceTo(
			session,
			this.ledger.core.mempool.all().map(({ id }) => id)
		);
	}

	/** Tells one peer of everything that is pending, also of what it was told before: it may have failed to keep it. */
	tellMempool(session: PeerSession): void {
		tell(
			session,
			this.ledger.core.mempool.all().map(({ id }) => id)
		);
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
