import { PollenError } from '../errors/pollenError';
import { LOW_WATER_BYTES, MAX_QUEUED_BYTES, MAX_SENT_PIECE_BYTES } from './limits';

/** The part of an RTCDataChannel that sending uses. */
export interface SendChannel {
	readonly bufferedAmount: number;
	bufferedAmountLowThreshold: number;
	send(piece: Uint8Array<ArrayBuffer>): void;
	addEventListener(type: 'bufferedamountlow', listener: () => void): void;
	removeEventListener(type: 'bufferedamountlow', listener: () => void): void;
}

/**
 * Pieces on their way to one peer. The channel is kept about {@link LOW_WATER_BYTES} ahead of the network and the rest
 * waits here: a browser closes a channel whose own buffer overflows (16 MiB in Chromium), and PeerJS would poll.
 */
export class SendQueue {
	readonly #channel: SendChannel;
	/** Called once when the peer does not read, or when the channel refuses a piece. */
	readonly #onBroken: () => void;
	readonly #pieces: Uint8Array[] = [];
	readonly #waiting: (() => void)[] = [];
	#queuedBytes = 0;
	#closed = false;

	constructor(channel: SendChannel, onBroken: () => void) {
		this.#channel = channel;
		this.#onBroken = onBroken;
		channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
		channel.addEventListener('bufferedamountlow', this.#pump);
	}

	/** Bytes that have not left this machine yet. */
	get unsentBytes(): number {
		return this.#queuedBytes + this.#channel.bufferedAmount;
	}

	/** Queues a piece, which must not change afterwards. Throws `oversized` for more than 16 KiB. */
	send(piece: Uint8Array): void {
		if (piece.byteLength > MAX_SENT_PIECE_BYTES) {
			throw new PollenError('oversized', `A piece has at most ${MAX_SENT_PIECE_BYTES} bytes, not ${piece.byteLength}.`);
		}
		if (this.#closed) return;
		this.#pieces.push(piece);
		this.#queuedBytes += piece.byteLength;
		this.#pump();
		if (this.unsentBytes > MAX_QUEUED_BYTES) this.#break();
	}

	/** Resolves when at most {@link LOW_WATER_BYTES} are unsent, or after `close`. */
	drained(): Promise<void> {
		if (this.#closed || this.unsentBytes <= LOW_WATER_BYTES) return Promise.resolve();
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Hands everything that waits to the channel without regard to its buffer, and closes. */
	flush(): void {
		this.#push(Number.POSITIVE_INFINITY);
		this.close();
	}

	/** Drops what waits and lets go of everybody who waits. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#channel.removeEventListener('bufferedamountlow', this.#pump);
		this.#pieces.length = 0;
		this.#queuedBytes = 0;
		this.#release();
	}

	readonly #pump = (): void => {
		this.#push(LOW_WATER_BYTES);
		if (!this.#closed && this.unsentBytes <= LOW_WATER_BYTES) this.#release();
	};

	/** Sends while no more than `ahead` bytes are buffered: the buffer ends above the mark, so its event will come. */
	#push(ahead: number): void {
		while (!this.#closed && this.#channel.bufferedAmount <= ahead) {
			const piece = this.#pieces.shift();
			if (!piece) return;
			this.#queuedBytes -= piece.byteLength;
			try {
				this.#channel.send(piece as Uint8Array<ArrayBuffer>);
			} catch {
				return this.#break();
			}
		}
	}

	#break(): void {
		if (this.#closed) return;
		this.close();
		this.#onBroken();
	}

	#release(): void {
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}
