import type { BlockHash } from '../bytes/hash';
import { MAX_FUTURE_MS } from '../chain/checkHeader';
import type { Header } from '../chain/header';
import type { ChainEntry } from '../chain/tree';
import type { Clock } from '../clock/port';
import { decodeBlock } from '../election/block';
import { errorCode, isOwnFault, type ErrorCode } from '../errors/pollenError';
import { MAX_HEADERS } from '../wire/limits';
import type { SyncView } from './api';
import { BodyPlan, lacksClosing } from './bodyPlan';
import { BodyRequests } from './bodyRequests';
import { blockDisposition } from './disposition';
import type { Ledger } from './ledger';
import { BODY_TIMEOUT_MS, HEADERS_TIMEOUT_MS, MAX_DUE_MS, MAX_STALLS, MAX_UNJUDGED, PAUSE_MS } from './limits';
import type { PeerSession } from './peerSession';

interface HeaderRequest {
	/** Where the last answer ended, when this goes on from there. */
	readonly from: ChainEntry | undefined;
	cancel(): void;
}

/**
 * Catches up with peers, headers first: a chain is fetched only after its headers, work included, were checked; bodies
 * come from every peer that has them, and what one does not deliver in time is asked of another.
 */
export class Sync {
	/** Header requests under way, one a peer. */
	readonly #headers = new Map<PeerSession, HeaderRequest>();
	readonly #plan: BodyPlan;
	readonly #bodies: BodyRequests;
	/** Bodies that arrived and are being judged. */
	readonly #arrived = new Set<BlockHash>();
	/** Who sent the blocks that wait for their ancestors: only when these come does it show whether they are valid. */
	readonly #unjudged = new Map<BlockHash, PeerSession>();
	/** When a peer is asked again for a header that was ahead of our clock. */
	readonly #due = new Map<PeerSession, () => void>();
	/** While this device cannot take blocks (storage full, say), none are requested. */
	#paused = false;
	#forgiving = false;
	/** Messages that are being judged. */
	#judging = 0;
	/** Callers of `settled`. */
	#waiting: (() => void)[] = [];

	constructor(
		private readonly ledger: Ledger,
		private readonly sessions: () => Iterable<PeerSession>,
		private readonly clock: Clock,
		private readonly onChange: () => void
	) {
		this.#plan = new BodyPlan(ledger.core, sessions);
		this.#bodies = new BodyRequests(clock, (session) => {
			this.#stalled(session);
			this.fetchBodies();
			this.#changed();
		});
	}

	view(): SyncView {
		const ahead = [...this.#headers.keys()].some((session) => this.#offersUnknown(session));
		return this.#plan.view() ?? { state: ahead ? 'headers' : 'idle', done: 0, total: 0 };
	}

	/** Asks a peer for headers if it claims a chain that we do not know and that is no worse than ours. */
	consider(session: PeerSession): void {
		if (this.#offersUnknown(session)) this.requestHeaders(session);
		else this.fetchBodies();
	}

	/** Whether there are peers, and nothing that they have is still to be asked for, fetched or judged. */
	isCaughtUp(): boolean {
		const sessions = [...this.sessions()];
		const isBehind = this.#paused || sessions.some((session) => this.#offersUnknown(session));
		return sessions.length > 0 && !isBehind && this.#isSettled();
	}

	/** Whether a peer stands on another tip that has the same work as ours. */
	isContested(): boolean {
		const { tip, tree } = this.ledger.core;
		for (const { best } of this.sessions()) {
			const other = best && tree.get(best.tip);
			if (other && other !== tip && other.work === tip.work) return true;
		}
		return false;
	}

	/** Asks for the headers after `from`: the best we know or, to go on where an answer ended, its last. */
	requestHeaders(session: PeerSession, from?: ChainEntry): void {
		if (this.#headers.has(session) || session.closed) return;
		this.#expectHeaders(session, from);
		const { tree } = this.ledger.core;
		session.send({ type: 'getHeaders', locator: tree.locator(from ?? tree.best) });
		this.#changed();
	}

	/** Takes headers, asked for or announced. */
	takeHeaders(session: PeerSession, headers: readonly Header[]): Promise<void> {
		return this.#judge(async () => {
			const request = this.#headers.get(session);
			request?.cancel();
			this.#headers.delete(session);
			try {
				const { best } = this.ledger.core.tree;
				const last = (await this.ledger.addHeaders(headers)).at(-1);
				if (this.ledger.core.tree.best !== best) session.noteUse();
				if (last) this.#noteShown(session, last);
				this.#goOn(session, request, last, headers.length === MAX_HEADERS);
			} catch (error) {
				this.#refuseHeaders(session, request, headers, errorCode(error, 'bad-message'));
			}
		});
	}

	/** Takes a block's body. */
	takeBlock(session: PeerSession, bytes: Uint8Array): Promise<void> {
		return this.#judge(async () => {
			let hash: BlockHash | undefined;
			try {
				const block = decodeBlock(bytes);
				hash = await this.ledger.hashOf(block.header);
				this.#bodies.delivered(hash, session);
				this.#arrived.add(hash);
				this.fetchBodies();
				const outcome = await this.ledger.addBlock(block);
				if (outcome === 'stored') this.#noteUnjudged(hash, session);
			} catch (error) {
				const code = errorCode(error, 'bad-encoding');
				if (code === 'unknown-parent') this.requestHeaders(session);
				if (isOwnFault(code)) this.#pause();
				if (blockDisposition(code) === 'reject') session.close(code);
			}
			if (hash) this.#arrived.delete(hash);
			this.#closeCulprits();
		});
	}

	takeNotFound(session: PeerSession, hashes: readonly BlockHash[]): void {
		for (const hash of hashes) this.#bodies.missing(hash, session);
		this.fetchBodies();
		this.#changed();
	}

	/** Resolves when nothing is asked of anybody any more; every request ends by itself in time. */
	settled(): Promise<void> {
		if (this.#isSettled()) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Forgets a peer; what it was asked for is asked of others. */
	drop(session: PeerSession): void {
		this.#headers.get(session)?.cancel();
		this.#headers.delete(session);
		this.#due.get(session)?.();
		this.#due.delete(session);
		this.#bodies.drop(session);
		for (const [hash, sender] of this.#unjudged) if (sender === session) this.#unjudged.delete(hash);
		this.fetchBodies();
		this.#changed();
	}

	/** Requests missing bodies of the best chain that peers have, as far as they have room. */
	fetchBodies(): void {
		const wanted = this.#plan.next((hash) => this.#arrived.has(hash) || this.#bodies.has(hash));
		if (this.#paused) return;
		for (const [session, hashes] of this.#plan.share(wanted, this.#bodies)) this.#bodies.ask(session, hashes);
		if (wanted.length > 0 && this.#bodies.size === 0) this.#forgiveLater();
	}

	/** Runs a task that judges what a peer sent, and takes up what follows from it. */
	async #judge(task: () => Promise<void>): Promise<void> {
		this.#judging += 1;
		await task();
		this.#judging -= 1;
		this.fetchBodies();
		this.#changed();
	}

	#isSettled(): boolean {
		return this.#headers.size === 0 && this.#bodies.size === 0 && this.#judging === 0;
	}

	#changed(): void {
		if (this.#isSettled()) for (const resolve of this.#waiting.splice(0)) resolve();
		this.onChange();
	}

	/**
	 * Whether the peer claims a chain that we do not know and that is no worse than ours; or any other, while a closing is known
	 * that ours does not hold: a chain that holds it would be better whatever its work.
	 */
	#offersUnknown({ best }: PeerSession): boolean {
		const { tip, tree } = this.ledger.core;
		if (best === undefined || best.work === 0n || tree.has(best.tip)) return false;
		return best.work >= tip.work || lacksClosing(this.ledger.core);
	}

	#expectHeaders(session: PeerSession, from: ChainEntry | undefined): void {
		if (session.closed) return;
		const cancel = this.clock.after(HEADERS_TIMEOUT_MS, () => {
			this.#headers.delete(session);
			this.#stalled(session);
			this.consider(session);
			this.#changed();
		});
		this.#headers.set(session, { from, cancel });
	}

	#noteShown(session: PeerSession, last: ChainEntry): void {
		session.shown = last.hash;
		session.noteBest(last.header.height, last.work, last.hash);
	}

	/** After headers that hold: asks for those that follow, as long as each answer leads further. */
	#goOn(session: PeerSession, request: HeaderRequest | undefined, last: ChainEntry | undefined, isFull: boolean): void {
		const leadsOn = last !== undefined && last.work > (request?.from?.work ?? -1n);
		if (isFull && leadsOn) return this.requestHeaders(session, last);
		if (!request) return;
		if (!this.#offersUnknown(session)) {
			session.stalls = 0;
			return;
		}
		// The answer does not lead to what the peer claims to have: asking again gives it the chance to reorganise.
		this.#stalled(session);
		this.requestHeaders(session);
	}

	#refuseHeaders(
		session: PeerSession,
		request: HeaderRequest | undefined,
		headers: readonly Header[],
		code: ErrorCode
	): void {
		const { tree } = this.ledger.core;
		const refused = headers.findLast(({ previousHash }) => tree.has(previousHash));
		const lastKept = refused && tree.get(refused.previousHash);
		if (lastKept) this.#noteShown(session, lastKept);
		if (code === 'future-time' && refused) this.#retryWhenDue(session, refused.timestamp);
		// An announcement that does not connect: the peer knows blocks in between. If it crossed with a request of ours,
		// the answer to that is still to come.
		else if (code === 'unknown-parent' && request) this.#expectHeaders(session, request.from);
		else if (code === 'unknown-parent') this.requestHeaders(session);
		else if (isOwnFault(code)) this.#pause();
		else if (blockDisposition(code) === 'reject') session.close(code);
	}

	/** Everybody who could have delivered has failed: after a while they are asked again. */
	#forgiveLater(): void {
		if (this.#forgiving) return;
		this.#forgiving = true;
		this.clock.after(BODY_TIMEOUT_MS, () => {
			this.#forgiving = false;
			this.#bodies.forgive();
			this.fetchBodies();
		});
	}

	#noteUnjudged(hash: BlockHash, session: PeerSession): void {
		if (session.closed || this.#unjudged.size >= MAX_UNJUDGED) return;
		this.#unjudged.set(hash, session);
	}

	/** Closes the links to those who sent blocks that have turned out to be invalid, or to build on such. */
	#closeCulprits(): void {
		const { valid, tree } = this.ledger.core;
		for (const [hash, session] of this.#unjudged) {
			if (valid.has(hash)) this.#unjudged.delete(hash);
			else if (tree.isInvalid(hash)) session.close('invalid-parent');
		}
	}

	#pause(): void {
		if (this.#paused) return;
		this.#paused = true;
		this.clock.after(PAUSE_MS, () => {
			this.#paused = false;
			// What was stored but could not be connected is tried again; bodies that could not be written are missing again.
			this.ledger.catchUp().catch(() => this.#pause());
			this.#plan.reset();
			for (const session of this.sessions()) this.consider(session);
		});
	}

	#stalled(session: PeerSession): void {
		session.stalls += 1;
		if (session.stalls >= MAX_STALLS) session.close('peer-timeout');
	}

	/** A header ahead of our clock is no fault: the peer is asked again once it is due. */
	#retryWhenDue(session: PeerSession, timestamp: number): void {
		if (session.closed) return;
		const dueMs = Math.max(timestamp - MAX_FUTURE_MS - this.clock.now(), 0);
		this.#due.get(session)?.();
		const cancel = this.clock.after(Math.min(dueMs, MAX_DUE_MS), () => {
			this.#due.delete(session);
			this.requestHeaders(session);
		});
		this.#due.set(session, cancel);
	}
}
