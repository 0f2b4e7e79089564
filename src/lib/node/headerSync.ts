import type { BlockHash } from '../bytes/hash';
import type { ChainEnd } from '../chain/chainEnd';
import { MAX_FUTURE_MS } from '../chain/checkHeader';
import type { Header } from '../chain/header';
import { locatorOf } from '../chain/locator';
import type { ChainEntry } from '../chain/tree';
import type { Clock } from '../clock/port';
import { errorCode, isOwnFault } from '../errors/pollenError';
import { MAX_HEADERS } from '../wire/limits';
import { blockDisposition } from './disposition';
import { HeaderRequests, type HeaderRequest } from './headerRequests';
import type { HeaderRun } from './headerRun';
import { HeaderWalk } from './headerWalk';
import type { Ledger } from './ledger';
import { MAX_DUE_MS, MAX_HEADERS_AHEAD, WALK_PAUSE_MS } from './limits';
import type { PeerSession } from './peerSession';
import { SerialQueue } from './serialQueue';
import { branchesAhead, isFarAhead, isWorthKeeping, lacksClosing, mayWin } from './worthKeeping';

export interface HeaderSyncEvents {
	/** A request, or a walk, of this peer's came to nothing. */
	stalled(session: PeerSession): void;
	/** This device could not do its part. */
	failed(): void;
	/** Headers were forgotten. */
	forgotten(): void;
	changed(): void;
}

/** What is going on with one peer, beside its request. */
interface Dealings {
	walk?: HeaderWalk | undefined;
	/** Ends of walks that came to nothing cost a second one only after this time. */
	walkAgainAt: number;
	/** The tip of a chain of this peer's that is not wanted, and how many closings were known when that was found. */
	declined?: { readonly tip: BlockHash; readonly closings: number } | undefined;
	/** Its headers end here until bodies have caught up. */
	held?: ChainEntry | undefined;
	/** Ends the wait for a header that was ahead of our clock. */
	cancelDue?: (() => void) | undefined;
}

/**
 * Finds out which chains peers have, by their headers: asks, checks, and keeps what may become the best chain. What has too
 * little work is looked at without being kept (see HeaderWalk), what runs too far ahead of its bodies has to wait for them,
 * and what no linked peer shows any more is forgotten; so memory is bounded, whatever peers send.
 */
export class HeaderSync {
	readonly #requests: HeaderRequests;
	readonly #dealings = new Map<PeerSession, Dealings>();
	/** Messages are judged one after the other, since each is judged by what the last has changed. */
	readonly #queue = new SerialQueue();

	constructor(
		private readonly ledger: Ledger,
		private readonly sessions: () => Iterable<PeerSession>,
		private readonly clock: Clock,
		private readonly events: HeaderSyncEvents
	) {
		this.#requests = new HeaderRequests(clock, (session) => {
			this.events.stalled(session);
			if (this.offersUnknown(session) || this.#of(session).walk) this.request(session);
			this.events.changed();
		});
	}

	/** Whether no peer is asked for headers. */
	get isSettled(): boolean {
		return this.#requests.sessions().length === 0;
	}

	/** Whether a peer is asked for a chain that it claims and we do not know. */
	get isAsking(): boolean {
		return this.#requests.sessions().some((session) => this.offersUnknown(session));
	}

	/**
	 * Whether a peer's chain is still to be found out about, as far as that has to be waited for: while a long chain of little
	 * work is only being looked at, it does not count.
	 */
	isOpen(session: PeerSession): boolean {
		const { walk } = this.#of(session);
		if (walk && !walk.isKeeping) return false;
		return this.#requests.has(session) || this.offersUnknown(session);
	}

	/**
	 * Whether the peer claims a chain that we do not know and that is no worse than ours; or any other, while a closing is known
	 * that ours does not hold: a chain that holds it would be better whatever its work.
	 */
	offersUnknown(session: PeerSession): boolean {
		const { best } = session;
		const { tip, tree, closings } = this.ledger.core;
		if (best === undefined || best.work === 0n || tree.has(best.tip)) return false;
		const { declined } = this.#of(session);
		if (declined?.tip === best.tip && declined.closings === closings.size) return false;
		return best.work >= tip.work || lacksClosing(this.ledger.core);
	}

	/** Asks for the headers after `from`: the best we know or, to go on where an answer ended, its last. */
	request(session: PeerSession, from?: ChainEntry): void {
		const { walk, held } = this.#of(session);
		if (held && held !== from) return;
		if (walk) this.#requests.ask(session, walk.locator());
		else this.#requests.ask(session, locatorOf(from ?? this.ledger.core.tree.best), from);
		this.events.changed();
	}

	/** Takes headers, asked for or announced. */
	take(session: PeerSession, headers: readonly Header[]): Promise<void> {
		const request = this.#requests.answeredBy(session, headers);
		if (request) session.noteAnswer();
		return this.#queue.run(async () => {
			try {
				await this.#judge(session, request, headers);
			} catch (error) {
				if (isOwnFault(errorCode(error, 'unknown-parent'))) this.events.failed();
			}
			this.#requests.finish(session, request);
			await this.#forgetSurplus();
		});
	}

	/** Goes on with headers that were waiting for their bodies. */
	resume(): void {
		for (const [session, dealings] of this.#dealings) {
			const { held } = dealings;
			if (!held || isFarAhead(this.ledger.core, held)) continue;
			dealings.held = undefined;
			this.request(session, held);
		}
	}

	/** Forgets a peer, and the headers that only it has shown. */
	async drop(session: PeerSession): Promise<void> {
		this.#requests.drop(session);
		this.#dealings.get(session)?.cancelDue?.();
		this.#dealings.delete(session);
		await this.#queue.run(() => this.#forget());
	}

	async #judge(session: PeerSession, request: HeaderRequest | undefined, headers: readonly Header[]): Promise<void> {
		if (session.closed) return;
		const { walk } = this.#of(session);
		if (!walk || !request) return await this.#judgeRun(session, request, headers);
		if (headers[0] && headers[0].previousHash !== walk.next) this.#endWalk(session, request);
		else if (walk.isKeeping) await this.#walkAgain(session, request, walk, headers);
		else await this.#walkOn(session, request, walk, headers);
	}

	async #judgeRun(session: PeerSession, request: HeaderRequest | undefined, headers: readonly Header[]): Promise<void> {
		const { core } = this.ledger;
		const run = await this.ledger.checkHeaders(headers);
		const isFull = headers.length === MAX_HEADERS;
		const isKept = run.fresh.length === 0 || isWorthKeeping(core, run);
		const last = isKept ? await this.#keep(session, run) : undefined;
		this.#requests.finish(session, request);
		if (run.refused) this.#refuse(session, run.refused);
		else if (isKept) this.#goOn(session, request, last, isFull);
		else if (mayWin(core, run)) this.#hold(session, run);
		else if (isFull) this.#beginWalk(session, request, run);
		else this.#decline(session, request, run.end);
	}

	async #keep(session: PeerSession, run: HeaderRun): Promise<ChainEntry | undefined> {
		const { tree } = this.ledger.core;
		const { best } = tree;
		const last = await this.ledger.keepHeaders(run);
		if (!last) return undefined;
		if (tree.best !== best) session.noteUse();
		session.shown = last.hash;
		session.noteBest(last.header.height, last.work, last.hash);
		return last;
	}

	/** After headers that hold: asks for those that follow, as long as each answer leads further. */
	#goOn(session: PeerSession, request: HeaderRequest | undefined, last: ChainEntry | undefined, isFull: boolean): void {
		const leadsOn = last !== undefined && last.work > (request?.from?.work ?? -1n);
		if (isFull && leadsOn) this.#askOn(session, last);
		else if (request) this.#conclude(session);
	}

	#askOn(session: PeerSession, last: ChainEntry): void {
		if (isFarAhead(this.ledger.core, last)) this.#of(session).held = last;
		else this.request(session, last);
	}

	/** A peer's chain has been seen to its end. If that is not what the peer claims to have, it gets the chance to reorganise. */
	#conclude(session: PeerSession): void {
		if (!this.offersUnknown(session)) {
			session.stalls = 0;
			return;
		}
		this.events.stalled(session);
		this.request(session);
	}

	/** Headers that would be taken but for the bodies that are missing below them. */
	#hold(session: PeerSession, { base }: HeaderRun): void {
		this.#of(session).held = base && this.ledger.core.tree.get(base.hash);
	}

	/** The peer's chain has less work than ours, which is no fault. */
	#decline(session: PeerSession, request: HeaderRequest | undefined, end: ChainEnd | undefined): void {
		if (!end) return;
		session.noteBest(end.header.height, end.work, end.hash);
		this.#of(session).declined = { tip: end.hash, closings: this.ledger.core.closings.size };
		if (request) this.#conclude(session);
	}

	/** What has too little work so far, and goes on, may still be a chain that beats ours. */
	#beginWalk(session: PeerSession, request: HeaderRequest | undefined, run: HeaderRun): void {
		const dealings = this.#of(session);
		const fork = run.base && this.ledger.core.tree.get(run.base.hash);
		const isEarly = this.clock.now() < dealings.walkAgainAt && !this.offersUnknown(session);
		if (dealings.walk || !fork) return;
		if (isEarly) return this.#decline(session, request, run.end);
		const walk = new HeaderWalk(fork, this.clock.now());
		walk.see(run);
		dealings.walk = walk;
		this.request(session);
	}

	/** The first pass of a walk: until the chain has come to beat ours, or ends before. */
	async #walkOn(
		session: PeerSession,
		request: HeaderRequest,
		walk: HeaderWalk,
		headers: readonly Header[]
	): Promise<void> {
		const run = await this.ledger.checkHeaders(headers, walk.end);
		this.#requests.finish(session, request);
		const dealings = this.#of(session);
		if (run.refused) {
			dealings.walk = undefined;
			return this.#refuse(session, run.refused);
		}
		walk.see(run);
		if (mayWin(this.ledger.core, run)) {
			walk.turn();
			session.isProven = true;
		} else if (headers.length < MAX_HEADERS || walk.isTooLong(this.clock.now())) {
			dealings.walk = undefined;
			dealings.walkAgainAt = this.clock.now() + WALK_PAUSE_MS;
			return this.#decline(session, request, walk.end);
		}
		this.request(session);
	}

	/** The second pass: what the first has seen is kept. */
	async #walkAgain(
		session: PeerSession,
		request: HeaderRequest,
		walk: HeaderWalk,
		headers: readonly Header[]
	): Promise<void> {
		const run = await this.ledger.checkHeaders(walk.upToMark(headers));
		const last = walk.isMarked(run) ? await this.#keep(session, run) : undefined;
		if (!last) return this.#endWalk(session, request);
		walk.keep(last);
		if (walk.isDone) {
			this.#leaveWalk(session);
			return await this.#judgeRun(session, request, headers);
		}
		this.#requests.finish(session, request);
		this.#askOn(session, last);
	}

	/**
	 * The peer does not show what it showed before. An honest one may have gone over to another chain, so this counts like a
	 * request that was not answered.
	 */
	#endWalk(session: PeerSession, request: HeaderRequest): void {
		this.#leaveWalk(session);
		this.#requests.finish(session, request);
		this.events.stalled(session);
		if (this.offersUnknown(session)) this.request(session);
	}

	#leaveWalk(session: PeerSession): void {
		this.#of(session).walk = undefined;
		session.isProven = false;
	}

	#refuse(session: PeerSession, { header, reason: { code } }: NonNullable<HeaderRun['refused']>): void {
		if (code === 'future-time') this.#retryWhenDue(session, header.timestamp);
		// An announcement that does not connect: the peer knows blocks in between. If it crossed with a request of ours, the
		// answer to that is still to come.
		else if (code === 'unknown-parent') this.request(session);
		else if (blockDisposition(code) === 'reject') session.close(code);
	}

	/** A header ahead of our clock is no fault: the peer is asked again once it is due. */
	#retryWhenDue(session: PeerSession, timestamp: number): void {
		if (session.closed) return;
		const dealings = this.#of(session);
		const dueMs = Math.max(timestamp - MAX_FUTURE_MS - this.clock.now(), 0);
		dealings.cancelDue?.();
		dealings.cancelDue = this.clock.after(Math.min(dueMs, MAX_DUE_MS), () => {
			dealings.cancelDue = undefined;
			this.request(session);
		});
	}

	async #forgetSurplus(): Promise<void> {
		const { tree, bodies } = this.ledger.core;
		if (tree.size - bodies.size > MAX_HEADERS_AHEAD) await this.#forget();
	}

	async #forget(): Promise<void> {
		const { tree, bodies } = this.ledger.core;
		if (tree.size === bodies.size) return;
		if ((await this.ledger.forgetHeaders(() => this.#needed())) > 0) this.events.forgotten();
	}

	/** Headers without a body on the branches that linked peers show. */
	#needed(): Set<ChainEntry> {
		const { tree } = this.ledger.core;
		const shown = [...this.sessions()].flatMap(({ best, shown: last }) => [best?.tip, last]);
		const ends = shown.map((hash) => (hash === undefined ? undefined : tree.get(hash)));
		for (const { walk, held } of this.#dealings.values()) ends.push(walk?.lastKept, held);
		return branchesAhead(this.ledger.core, ends);
	}

	#of(session: PeerSession): Dealings {
		const known = this.#dealings.get(session);
		if (known) return known;
		const dealings: Dealings = { walkAgainAt: 0 };
		if (!session.closed) this.#dealings.set(session, dealings);
		return dealings;
	}
}
