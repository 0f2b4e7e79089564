import { PollenError, type ErrorCode } from '../errors/pollenError';
import { LOW_WATER_BYTES, MAX_QUEUED_BYTES, MAX_SENT_PIECE_BYTES } from './limits';
import type { MemoryPipe } from './memoryPipe';
import type { Connection, PeerId } from './port';

/** One end of a memory link. */
export class MemoryConnection implements Connection {
	onPiece: ((piece: Uint8Array) => void) | undefined;
	onClose: ((code: ErrorCode) => void) | undefined;

	readonly peerId: PeerId;
	readonly direction: 'inbound' | 'outbound';
	/** To the other end. */
	readonly pipe: MemoryPipe;
	/** Set when both ends exist, before either is delivered. */
	other: MemoryConnection | undefined;

	readonly #onEnd: (link: MemoryConnection) => void;
	readonly #waiting: (() => void)[] = [];
	#unsentBytes = 0;
	#ended = false;

	/** `onEnd` is called when this end stops counting, in the same turn. */
	constructor(
		peerId: PeerId,
		direction: 'inbound' | 'outbound',
		pipe: MemoryPipe,
		onEnd: (link: MemoryConnection) => void
	) {
		this.peerId = peerId;
		this.direction = direction;
		this.pipe = pipe;
		this.#onEnd = onEnd;
	}

	send(piece: Uint8Array): void {
		if (piece.byteLength > MAX_SENT_PIECE_BYTES) {
			throw new PollenError('oversized', `A piece has at most ${MAX_SENT_PIECE_BYTES} bytes, not ${piece.byteLength}.`);
		}
		if (this.#ended) return;
		// A copy, as a channel makes one: neither end can change what the other holds.
		const copy = piece.slice();
		this.#unsentBytes += copy.byteLength;
		this.pipe.put(() => {
			this.#sent(copy.byteLength);
			this.other?.receive(copy);
		});
		if (this.#unsentBytes > MAX_QUEUED_BYTES) this.lose();
	}

	drained(): Promise<void> {
		if (this.#ended || this.#unsentBytes <= LOW_WATER_BYTES) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	close(code: ErrorCode): void {
		if (this.#end(code)) this.pipe.put(() => this.other?.lose());
	}

	/** Ends this side with link-lost. What was on its way is lost, and the other side learns of it like of a close. */
	lose(): void {
		if (!this.#end('link-lost')) return;
		this.pipe.clear();
		this.pipe.put(() => this.other?.lose());
	}

	receive(piece: Uint8Array): void {
		if (!this.#ended) this.onPiece?.(piece);
	}

	#sent(bytes: number): void {
		this.#unsentBytes -= bytes;
		if (this.#unsentBytes <= LOW_WATER_BYTES) this.#release();
	}

	#end(code: ErrorCode): boolean {
		if (this.#ended) return false;
		this.#ended = true;
		this.#release();
		this.#onEnd(this);
		// In a turn of its own, so that `close` and `send` never call back into whoever called them.
		queueMicrotask(() => this.onClose?.(code));
		return true;
	}

	#release(): void {
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}
