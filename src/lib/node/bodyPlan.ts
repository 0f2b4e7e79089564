import type { BlockHash } from '../bytes/hash';
import { isBetter } from '../chain/forkChoice';
import { ancestorAt } from '../chain/locator';
import type { ChainEntry } from '../chain/tree';
import type { SyncView } from './api';
import type { BodyRequests } from './bodyRequests';
import { BODY_WINDOW } from './limits';
import type { LedgerCore } from './ledgerCore';
import type { PeerSession } from './peerSession';
import type { SignedClosings } from './signedClosings';

/** Which chain to fetch, which of its bodies are missing, and who is to be asked for them. */
export class BodyPlan {
	#target: ChainEntry | undefined;
	/** Entries below the target that have no complete body yet, upwards. */
	#missing: ChainEntry[] = [];
	#startHeight = 0;

	constructor(
		private readonly core: Pick<LedgerCore, 'tree' | 'tip' | 'bodies' | 'closings'>,
		private readonly sessions: () => Iterable<PeerSession>
	) {}

	/** How far this is; undefined when nothing is missing. */
	view(): SyncView | undefined {
		if (!this.#target || this.#missing.length === 0) return undefined;
		const done = Math.max(0, this.core.tip.header.height - this.#startHeight);
		return { state: 'blocks', done, total: this.#target.header.height - this.#startHeight };
	}

	/** Forgets what was found out: bodies that were there may be gone. */
	reset(): void {
		this.#target = undefined;
		this.#missing = [];
	}

	/** The next bodies to fetch, upwards, but for those that `isUnderWay`. */
	next(isUnderWay: (hash: BlockHash) => boolean): ChainEntry[] {
		this.#retarget();
		const { bodies } = this.core;
		while (this.#missing[0] && bodies.has(this.#missing[0])) this.#missing.shift();
		return this.#missing.slice(0, BODY_WINDOW).filter((entry) => !bodies.has(entry) && !isUnderWay(entry.hash));
	}

	/** Shares bodies out: each to the peer with the most room among those that have its chain. */
	share(wanted: readonly ChainEntry[], requests: BodyRequests): Map<PeerSession, BlockHash[]> {
		const peers = [...this.sessions()].map((session) => ({
			session,
			work: this.#chainsOf(session).reduce((most, { work }) => (work > most ? work : most), 0n),
			room: requests.room(session)
		}));
		const shares = new Map<PeerSession, BlockHash[]>();
		for (const { hash, work } of wanted) {
			const able = peers.filter(
				(peer) => peer.room > 0 && peer.work >= work && !requests.hasFailed(peer.session, hash)
			);
			const [choice] = able.sort((a, b) => b.room - a.room);
			if (!choice) continue;
			choice.room -= 1;
			shares.set(choice.session, [...(shares.get(choice.session) ?? []), hash]);
		}
		return shares;
	}

	/**
	 * The chains of a peer of which we hold the headers: the one with most work, and the one that it showed last, which is
	 * another when it has gone over to a chain that is closed and has less work.
	 */
	#chainsOf({ best, shown }: PeerSession): ChainEntry[] {
		return [best?.tip, shown]
			.map((hash) => hash && this.core.tree.get(hash))
			.filter((chain): chain is ChainEntry => chain !== undefined);
	}

	/**
	 * Aims at the best chain that somebody can deliver. Not simply at the best header: its peer may have gone, and the
	 * bodies with it.
	 */
	#retarget(): void {
		const { tip, bodies } = this.core;
		let target: ChainEntry | undefined;
		const chains = [...this.sessions()].flatMap((session) => this.#chainsOf(session));
		for (const chain of chains) if (isBetter(chain, target ?? tip)) target = chain;
		target ??= this.#possiblyClosed(chains);
		if (target === this.#target) return;
		if (this.#missing.length === 0) this.#startHeight = tip.header.height;
		this.#target = target;
		this.#missing = [];
		for (let entry = target; entry?.parent && !bodies.isComplete(entry); entry = entry.parent) {
			this.#missing.push(entry);
		}
		this.#missing.reverse();
	}

	/**
	 * The best of the chains that would be better than ours if they were closed, which only their bodies can show: while ours is
	 * closed, those with more work; else those that go on from a block which a closing names.
	 */
	#possiblyClosed(chains: readonly ChainEntry[]): ChainEntry | undefined {
		const { tip, bodies, closings } = this.core;
		let target: ChainEntry | undefined;
		for (const chain of chains) {
			const canOutrank = tip.isFinal ? chain.work > tip.work : holdsNamed(chain, closings);
			if (canOutrank && !bodies.isComplete(chain) && (!target || isBetter(chain, target))) target = chain;
		}
		return target;
	}
}

/** Whether a closing is known that our chain does not hold. */
export function lacksClosing({ tip, closings }: Pick<LedgerCore, 'tip' | 'closings'>): boolean {
	return !tip.isFinal && closings.all.length > 0;
}

/** Where an organiser has signed more closings than are noted, any chain may hold one. */
function holdsNamed(chain: ChainEntry, closings: SignedClosings): boolean {
	return (
		closings.isFull ||
		closings.all.some(
			({ closing }) =>
				closing.height < chain.header.height && ancestorAt(chain, closing.height).hash === closing.blockHash
		)
	);
}
