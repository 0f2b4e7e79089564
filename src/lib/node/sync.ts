import type { BlockHash } from '../bytes/hash';
import type { Header } from '../chain/header';
import type { Clock } from '../clock/port';
import { decodeBlock } from '../election/block';
import { errorCode, isOwnFault } from '../errors/pollenError';
import type { SyncView } from './api';
import { BodyPlan } from './bodyPlan';
import { BodyRequests } from './bodyRequests';
import { blockDisposition } from './disposition';
import { ExpectedBodies } from './expectedBodies';
import { HeaderSync } from './headerSync';
import type { Ledger } from './ledger';
import { BODY_TIMEOUT_MS, FAR_BEHIND_BLOCKS, MAX_STALLS, MAX_UNJUDGED, PAUSE_MS } from './limits';
import type { PeerSession } from './peerSession';

const IDLE: SyncView = { state: 'idle', done: 0, total: 0, ballots: 0, msLeft: undefined };

/**
 * Catches up with peers, headers first: a chain is fetched only after its headers, work included, were checked; bodies
 * come from every peer that has them, and what one does not deliver in time is asked of another.
 */
export class Sync {
	readonly #headers: HeaderSync;
	readonly #plan: BodyPlan;
	readonly #bodies: BodyRequests;
	readonly #expected = new ExpectedBodies();
	/** Bodies that arrived and are being judged. */
	readonly #arrived = new Set<BlockHash>();
	/** Who sent the blocks that wait for their ancestors: only when these come does it show whether they are valid. */
	readonly #unjudged = new Map<BlockHash, PeerSession>();
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
		this.#headers = new HeaderSync(ledger, sessions, clock, {
			stalled: (session) => this.#stalled(session),
			failed: () => this.#pause(),
			forgotten: () => {
				this.#bodies.forgive();
				this.#considerAll();
			},
			changed: () => this.#changed()
		});
		this.#plan = new BodyPlan(ledger.core, sessions, clock);
		this.#bodies = new BodyRequests(clock, (session) => {
			this.#stalled(session);
			this.fetchBodies();
			this.#changed();
		});
	}

	view(): SyncView {
		return this.#plan.view() ?? { ...IDLE, state: this.#headers.isAsking ? 'headers' : 'idle' };
	}

	/** Asks a peer for headers if it claims a chain that we do not know and that is no worse than ours. */
	consider(session: PeerSession): void {
		if (this.#headers.offersUnknown(session)) this.requestHeaders(session);
		else this.fetchBodies();
	}

	/** Whether there are peers, and nothing that they have is still to be asked for, fetched or judged. */
	isCaughtUp(): boolean {
		const sessions = [...this.sessions()];
		const isBehind = this.#paused || sessions.some((session) => this.#headers.isOpen(session));
		return sessions.length > 0 && !isBehind && this.#bodies.size === 0 && this.#judging === 0;
	}

	/**
	 * Whether many blocks of a better chain are still to come, so that a block on our tip would be in vain. With few it may well be that
	 * somebody shows headers and keeps the bodies to himself: more of them cost their work.
	 */
	isFarBehind(): boolean {
		const { done, total } = this.view();
		return total - done >= FAR_BEHIND_BLOCKS;
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

	/** Asks for the headers that follow the best we know. */
	requestHeaders(session: PeerSession): void {
		this.#headers.request(session);
	}

	/** Takes headers, asked for or announced. */
	takeHeaders(session: PeerSession, headers: readonly Header[]): Promise<void> {
		return this.#judge(() => this.#headers.take(session, headers));
	}

	/** Takes a block's body. One that the peer was never asked for is not looked at. */
	async takeBlock(session: PeerSession, bytes: Uint8Array): Promise<void> {
		const hash = this.#expected.take(session, bytes);
		if (hash === undefined) return session.noteUnasked();
		session.noteAnswer();
		const hasRoom = this.#bodies.isAskedOf(session, hash) || this.#bodies.room(session) > 0;
		this.#bodies.delivered(hash, session);
		if (!hasRoom || !this.#lacks(hash)) return this.#changed();
		await this.#judge(() => this.#judgeBlock(session, hash, bytes));
	}

	async #judgeBlock(session: PeerSession, hash: BlockHash, bytes: Uint8Array): Promise<void> {
		this.#arrived.add(hash);
		this.fetchBodies();
		try {
			const outcome = await this.ledger.addBlock(decodeBlock(bytes));
			if (outcome === 'stored') this.#noteUnjudged(hash, session);
		} catch (error) {
			const code = errorCode(error, 'bad-encoding');
			if (code === 'unknown-parent') this.requestHeaders(session);
			if (isOwnFault(code)) this.#pause();
			if (blockDisposition(code) === 'reject') session.close(code);
		}
		this.#arrived.delete(hash);
		this.#closeCulprits();
	}

	/** Takes hashes of bodies that a peer does not have. Returns whether it was asked for one of them. */
	takeNotFound(session: PeerSession, hashes: readonly BlockHash[]): boolean {
		if (!this.#expected.missing(session, hashes)) return false;
		session.noteAnswer();
		// Whoever shows a chain and has no bodies of it holds up those who have a lesser one.
		if (hashes.some((hash) => this.#bodies.isAskedOf(session, hash))) this.#stalled(session);
		for (const hash of hashes) this.#bodies.missing(hash, session);
		this.fetchBodies();
		this.#changed();
		return true;
	}

	/** Resolves when nothing is asked of anybody any more; every request ends by itself in time. */
	settled(): Promise<void> {
		if (this.#isSettled()) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Forgets a peer; what it was asked for is asked of others. */
	drop(session: PeerSession): void {
		void this.#headers.drop(session);
		this.#bodies.drop(session);
		this.#expected.drop(session);
		for (const [hash, sender] of this.#unjudged) if (sender === session) this.#unjudged.delete(hash);
		this.fetchBodies();
		this.#changed();
	}

	/** Requests missing bodies of the best chain that peers have, as far as they have room. */
	fetchBodies(): void {
		const wanted = this.#plan.next((hash) => this.#arrived.has(hash) || this.#bodies.has(hash));
		if (this.#paused) return;
		for (const [session, entries] of this.#plan.share(wanted, this.#bodies)) {
			this.#expected.add(session, entries);
			this.#bodies.ask(
				session,
				entries.map(({ hash }) => hash)
			);
		}
		if (wanted.length > 0 && this.#bodies.size === 0) this.#forgiveLater();
	}

	/** Runs a task that judges what a peer sent, and takes up what follows from it. */
	async #judge(task: () => Promise<void>): Promise<void> {
		this.#judging += 1;
		await task();
		this.#judging -= 1;
		this.#headers.resume();
		this.fetchBodies();
		this.#changed();
	}

	#isSettled(): boolean {
		return this.#headers.isSettled && this.#bodies.size === 0 && this.#judging === 0;
	}

	#changed(): void {
		if (this.#isSettled()) for (const resolve of this.#waiting.splice(0)) resolve();
		this.onChange();
	}

	/** Whether the body of a block is still wanted. */
	#lacks(hash: BlockHash): boolean {
		const { tree, bodies } = this.ledger.core;
		const entry = tree.get(hash);
		return entry !== undefined && !bodies.has(entry) && !this.#arrived.has(hash);
	}

	/** Headers, or bodies, that were here may be gone. */
	#considerAll(): void {
		this.#plan.reset();
		for (const session of this.sessions()) this.consider(session);
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
			this.#considerAll();
		});
	}

	#stalled(session: PeerSession): void {
		session.stalls += 1;
		if (session.stalls >= MAX_STALLS) session.close('peer-timeout');
	}
}
