import type { BlockHash } from '../bytes/hash';
import { isBetter, pathBetween } from '../chain/forkChoice';
import { holdsAt } from '../chain/locator';
import type { ChainEntry } from '../chain/tree';
import type { Clock } from '../clock/port';
import type { SyncView } from './api';
import type { BodyRequests } from './bodyRequests';
import { BODY_WINDOW } from './limits';
import type { LedgerCore } from './ledgerCore';
import { Pace } from './pace';
import type { PeerSession } from './peerSession';
import type { SignedClosings } from './signedClosings';

/** Which chain to fetch, which of its bodies are missing, and who is to be asked for them. */
export class BodyPlan {
	#target: ChainEntry | undefined;
	/** Entries below the target that have no complete body yet, upwards. */
	#missing: ChainEntry[] = [];
	#startHeight = 0;
	#isReorg = false;
	/** Of chains of peers, for this target: walking down a long chain for every body would take its time. */
	readonly #sharedHeights = new Map<ChainEntry, number>();
	readonly #pace = new Pace();

	constructor(
		private readonly core: Pick<LedgerCore, 'tree' | 'tip' | 'bodies' | 'closings' | 'state'>,
		private readonly sessions: () => Iterable<PeerSession>,
		private readonly clock: Clock
	) {}

	/** How far this is; undefined when nothing is missing, nor waits to be connected. */
	view(): SyncView | undefined {
		const [first] = this.#missing;
		const { tip, state } = this.core;
		if (!this.#target || (!first && tip.header.height >= this.#target.header.height)) return undefined;
		// A reorganisation moves the tip only when all is here.
		const reached = this.#isReorg && first ? first.header.height - 1 : tip.header.height;
		const done = Math.max(0, reached - this.#startHeight);
		const total = this.#target.header.height - this.#startHeight;
		const msLeft = this.#pace.msUntil(this.clock.now(), done, total);
		return { state: 'blocks', done, total, ballots: state.ballots.size, msLeft };
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
	share(wanted: readonly ChainEntry[], requests: BodyRequests): Map<PeerSession, ChainEntry[]> {
		const peers = [...this.sessions()].map((session) => ({
			session,
			upTo: Math.max(0, ...this.#chainsOf(session).map((chain) => this.#sharedHeight(chain))),
			room: requests.roomToAsk(session)
		}));
		const shares = new Map<PeerSession, ChainEntry[]>();
		for (const entry of wanted) {
			const { hash, header } = entry;
			const able = peers.filter(
				(peer) => peer.room > 0 && peer.upTo >= header.height && !requests.hasFailed(peer.session, hash)
			);
			const [choice] = able.sort((a, b) => b.room - a.room);
			if (!choice) continue;
			choice.room -= 1;
			shares.set(choice.session, [...(shares.get(choice.session) ?? []), entry]);
		}
		return shares;
	}

	/** Up to which height a chain is the one that is fetched. */
	#sharedHeight(chain: ChainEntry): number {
		if (!this.#target) return 0;
		const known = this.#sharedHeights.get(chain);
		if (known !== undefined) return known;
		const height = this.#target.header.height - pathBetween(this.#target, chain).disconnect.length;
		this.#sharedHeights.set(chain, height);
		return height;
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
		target ??= this.#possiblyClosed(chains) ?? this.#proven();
		if (target === this.#target) return;
		const isNew = this.#missing.length === 0;
		this.#target = target;
		this.#sharedHeights.clear();
		this.#missing = [];
		for (let entry = target; entry?.parent && !bodies.isComplete(entry); entry = entry.parent) {
			this.#missing.push(entry);
		}
		this.#missing.reverse();
		const [first] = this.#missing;
		if (!target || !first) return;
		this.#isReorg = pathBetween(tip, target).disconnect.length > 0;
		if (!isNew && first.header.height > this.#startHeight) return;
		this.#startHeight = this.#isReorg ? first.header.height - 1 : tip.header.height;
		this.#pace.restart(this.clock.now());
	}

	/**
	 * The best of the chains that would be better than ours if they were closed, which only their bodies can show: while ours is
	 * closed, those with more work; else those that go on from a block which a closing names.
	 */
	#possiblyClosed(chains: readonly ChainEntry[]): ChainEntry | undefined {
		const { tip, bodies, closings } = this.core;
		let target: ChainEntry | undefined;
		for (const chain of chains) {
			const canOutrank = tip.isFinal ? chain.work > tip.work : goesOnFromNamed(chain, closings);
			if (canOutrank && !bodies.isComplete(chain) && (!target || isBetter(chain, target))) target = chain;
		}
		return target;
	}

	/** A chain that has less work than ours only because its end is still to be fetched. */
	#proven(): ChainEntry | undefined {
		for (const session of this.sessions()) {
			const chain = session.isProven && session.shown ? this.core.tree.get(session.shown) : undefined;
			if (chain && !this.core.bodies.isComplete(chain)) return chain;
		}
		return undefined;
	}
}

function goesOnFromNamed(chain: ChainEntry, closings: SignedClosings): boolean {
	return closings.mayName(({ height, blockHash }) => height < chain.header.height && holdsAt(chain, height, blockHash));
}
