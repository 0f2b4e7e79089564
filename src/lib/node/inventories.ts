import type { TransactionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { MAX_INVENTORY } from '../wire/limits';
import { shuffle } from './chance';
import { GATHER_MS } from './limits';
import type { PeerSession } from './peerSession';

/**
 * Announces transactions to peers: the first at once, and what follows shortly after it in one message, so that many ballots at
 * a time are few messages. They stand in an order of chance, which tells nobody what came first.
 */
export class Inventories {
	/** What waits to be announced to a peer. There from an announcement on, until nothing has followed it for a while. */
	readonly #gathered = new Map<PeerSession, Set<TransactionId>>();

	constructor(
		private readonly clock: Clock,
		private readonly random: () => number
	) {}

	/** Announces those that the peer does not know. */
	announce(session: PeerSession, ids: readonly TransactionId[]): void {
		const gathered = this.#gathered.get(session);
		if (!gathered) this.#flush(session, ids);
		else for (const id of ids) gathered.add(id);
	}

	/** Announces them at once, and again if the peer knows them. */
	tell(session: PeerSession, ids: readonly TransactionId[]): void {
		for (const id of ids) session.transactions.noteTold(id);
		const shuffled = shuffle(ids, this.random);
		for (let start = 0; start < shuffled.length; start += MAX_INVENTORY) {
			session.send({ type: 'inventory', ids: shuffled.slice(start, start + MAX_INVENTORY) });
		}
	}

	#flush(session: PeerSession, ids: Iterable<TransactionId>): void {
		// The peer may have announced some of them meanwhile.
		const unknown = [...ids].filter((id) => !session.transactions.isTold(id));
		if (unknown.length === 0 || session.closed) return;
		this.tell(session, unknown);
		const gathered = new Set<TransactionId>();
		this.#gathered.set(session, gathered);
		this.clock.after(GATHER_MS, () => {
			this.#gathered.delete(session);
			this.#flush(session, gathered);
		});
	}
}
