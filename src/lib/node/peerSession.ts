import type { BlockHash } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { errorCode, type ErrorCode } from '../errors/pollenError';
import type { Connection, PeerId } from '../network/port';
import { encodeFrame, FrameReader } from '../wire/frame';
import { REASSEMBLY_MS } from '../wire/limits';
import type { Hello, WireMessage } from '../wire/messages';
import { Backlog } from './backlog';
import { HELLO_MS, HELLO_REPEAT_MS, MAX_KNOWN_PER_PEER, MAX_UNASKED, PING_INTERVAL_MS, PONG_MS } from './limits';
import { TransactionNotes } from './transactionNotes';

export interface PeerSessionEvents {
	/** What it returns settles when the message is dealt with; until then its bytes count as backlog. */
	message(session: PeerSession, message: WireMessage): void | Promise<void>;
	/** Exactly once. */
	closed(session: PeerSession, code: ErrorCode): void;
}

/**
 * One link, spoken over in messages: frames are put together under a time limit, pings find a dead peer, and the first
 * unreadable byte ends it.
 */
export class PeerSession {
	/** Set once the peer's hello was accepted. */
	hello: Hello | undefined;
	/** The best chain that the peer told us of, true or not. */
	best: { height: number; work: bigint; tip: BlockHash } | undefined;
	/** The last header that the peer showed us and that held. */
	shown: BlockHash | undefined;
	/** The tip that our hello named. */
	told: BlockHash | undefined;
	latencyMs: number | undefined;
	/** When the peer last was the first to bring a header or transaction that holds; 0 if never. */
	usefulAt = 0;
	/** Ballots that were not proved for our group, from a peer that may follow another opening. */
	misfits = 0;
	/** Requests that ran out of time, since the peer last answered one. */
	stalls = 0;
	/** Bodies that the peer asked for and was not sent yet. */
	owed = 0;
	/** What the peer and we have said to each other of transactions that are in no block. */
	readonly transactions = new TransactionNotes(MAX_KNOWN_PER_PEER);

	/** Whether the chain that the peer shows is fetched although its beginning has less work than ours: see HeaderWalk. */
	isProven = false;

	readonly #reader = new FrameReader();
	readonly #backlog = new Backlog();
	/** Answers that nobody asked for, less those that were asked for. */
	#unasked = 0;
	#cancelReassembly: (() => void) | undefined;
	#cancelHello: () => void;
	#cancelGreeting: (() => void) | undefined;
	#cancelPing: (() => void) | undefined;
	#pingId = 0;
	/** When the ping was sent that has no answer yet. */
	#pingedAt: number | undefined;
	#closed = false;

	constructor(
		private readonly connection: Connection,
		private readonly clock: Clock,
		private readonly events: PeerSessionEvents
	) {
		connection.onPiece = (piece) => this.#receive(piece);
		connection.onClose = (code) => this.#end(code);
		this.#cancelHello = clock.after(HELLO_MS, () => this.close('peer-timeout'));
	}

	get peerId(): PeerId {
		return this.connection.peerId;
	}

	get direction(): Connection['direction'] {
		return this.connection.direction;
	}

	get closed(): boolean {
		return this.#closed;
	}

	/** Bytes that were received and are not dealt with yet. */
	get backlogBytes(): number {
		return this.#backlog.bytes;
	}

	/**
	 * Says who we are. The side that dialled says it first, and again until it has heard the other's hello, which answers
	 * each: what a browser loses in the moment in which a channel opens is made good.
	 */
	greet(own: () => Hello): void {
		const hello = own();
		this.told = hello.tip;
		this.send(hello);
		if (this.direction === 'inbound' || this.hello || this.#closed) return;
		this.#cancelGreeting = this.clock.after(HELLO_REPEAT_MS, () => this.greet(own));
	}

	/** Accepts the peer's hello: from now on it is pinged. */
	begin(hello: Hello): void {
		this.#cancelHello();
		this.#cancelGreeting?.();
		this.hello = hello;
		this.best = { height: hello.height, work: hello.work, tip: hello.tip };
		this.#sendPing();
	}

	send(message: WireMessage): void {
		if (this.#closed) return;
		for (const piece of encodeFrame(message)) this.connection.send(piece);
	}

	/** Resolves when the peer has taken most of what was sent, or the link is closed. */
	drained(): Promise<void> {
		return this.connection.drained();
	}

	/** Notes a chain that the peer has; only better ones count. */
	noteBest(height: number, work: bigint, tip: BlockHash): void {
		if (!this.best || work > this.best.work) this.best = { height, work, tip };
	}

	/** Notes that the peer was the first to bring something that holds. */
	noteUse(): void {
		this.usefulAt = this.clock.now();
	}

	/** The peer has answered what it was asked. */
	noteAnswer(): void {
		this.#unasked = Math.max(0, this.#unasked - 1);
	}

	/** The peer has answered what nobody asked, or asked any more: harmless, unless it does hardly anything else. */
	noteUnasked(): void {
		this.#unasked += 1;
		if (this.#unasked > MAX_UNASKED) this.close('flood');
	}

	/** Takes the answer to a ping; an answer to anything else is unexpected. Returns whether it was expected. */
	takePong(id: number): boolean {
		if (id !== this.#pingId || this.#pingedAt === undefined) return false;
		this.noteAnswer();
		this.latencyMs = this.clock.now() - this.#pingedAt;
		this.#pingedAt = undefined;
		this.#cancelPing?.();
		this.#cancelPing = this.clock.after(PING_INTERVAL_MS, () => this.#sendPing());
		return true;
	}

	/** Says why, then closes. */
	close(code: ErrorCode): void {
		if (this.#closed) return;
		this.send({ type: 'bye', code });
		this.connection.close(code);
		this.#end(code);
	}

	#sendPing(): void {
		this.#pingId += 1;
		this.#pingedAt = this.clock.now();
		this.send({ type: 'ping', id: this.#pingId });
		this.#expectSign();
	}

	/** A peer is dead when nothing comes from it: its pong may stand in a queue behind blocks that still arrive. */
	#expectSign(): void {
		this.#cancelPing?.();
		this.#cancelPing = this.clock.after(PONG_MS, () => this.close('peer-timeout'));
	}

	#receive(piece: Uint8Array): void {
		if (this.#closed) return;
		if (this.#pingedAt !== undefined) this.#expectSign();
		let message: WireMessage | undefined;
		try {
			message = this.#reader.push(piece);
		} catch (error) {
			this.close(errorCode(error, 'bad-frame'));
			return;
		}
		if (!this.#reader.pending) {
			this.#cancelReassembly?.();
			this.#cancelReassembly = undefined;
		} else {
			this.#cancelReassembly ??= this.clock.after(REASSEMBLY_MS, () => this.close('bad-frame'));
		}
		this.#backlog.add(piece.byteLength);
		if (!message) return;
		if (this.#backlog.isOver) return this.close('flood');
		const release = this.#backlog.complete();
		Promise.resolve(this.events.message(this, message)).then(release, release);
	}

	#end(code: ErrorCode): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#cancelHello();
		this.#cancelGreeting?.();
		this.#cancelPing?.();
		this.#cancelReassembly?.();
		this.events.closed(this, code);
	}
}
