import type { DataConnection } from 'peerjs';
import type { ErrorCode } from '../errors/pollenError';
import { FLUSH_TIMEOUT_MS, MAX_RECEIVED_PIECE_BYTES } from './limits';
import type { Connection, PeerId } from './port';
import { SendQueue } from './sendQueue';

/** A link over an open PeerJS data connection. It uses the data channel itself: PeerJS only brought the two together. */
export class PeerJsConnection implements Connection {
	readonly peerId: PeerId;
	readonly direction: 'inbound' | 'outbound';
	onPiece: ((piece: Uint8Array) => void) | undefined;
	onClose: ((code: ErrorCode) => void) | undefined;

	readonly #connection: DataConnection;
	readonly #channel: RTCDataChannel;
	readonly #peerConnection: RTCPeerConnection;
	readonly #queue: SendQueue;
	readonly #onEnd: (link: PeerJsConnection) => void;
	#ended = false;

	/** `onEnd` is called when this link stops counting, in the same turn. */
	constructor(
		connection: DataConnection,
		direction: 'inbound' | 'outbound',
		onEnd: (link: PeerJsConnection) => void = () => undefined
	) {
		this.peerId = connection.peer as PeerId;
		this.direction = direction;
		this.#connection = connection;
		this.#channel = connection.dataChannel;
		this.#peerConnection = connection.peerConnection;
		this.#onEnd = onEnd;
		this.#queue = new SendQueue(this.#channel, () => this.#lose('link-lost'));
		connection.on('data', (data) => this.#receive(data));
		connection.on('close', this.#onLost);
		connection.on('error', this.#onLost);
		this.#channel.addEventListener('close', this.#onLost);
		this.#peerConnection.addEventListener('connectionstatechange', this.#onStateChange);
	}

	send(piece: Uint8Array): void {
		this.#queue.send(piece);
	}

	drained(): Promise<void> {
		return this.#queue.drained();
	}

	/**
	 * What is queued is handed to the channel first, and closing a channel lets it finish sending (WebRTC 1.0, 6.2, "data
	 * transport closing procedure"); closing the peer connection at once would not.
	 */
	close(code: ErrorCode): void {
		if (this.#ended) return;
		this.#queue.flush();
		// A refused piece has ended the link while it was flushed.
		if (!this.#end(code)) return;
		// PeerJS closes the peer connection when the channel has closed.
		this.#channel.close();
		setTimeout(() => this.#connection.close(), FLUSH_TIMEOUT_MS);
	}

	/** Closes at once, for a page that has no time left. */
	abandon(code: ErrorCode): void {
		this.#lose(code);
	}

	readonly #onLost = (): void => this.#lose('link-lost');

	readonly #onStateChange = (): void => {
		const state = this.#peerConnection.connectionState;
		if (state === 'failed' || state === 'closed') this.#lose('link-lost');
	};

	#receive(data: unknown): void {
		if (this.#ended) return;
		const piece = toPiece(data);
		if (piece) this.onPiece?.(piece);
		else this.#lose('bad-frame');
	}

	#lose(code: ErrorCode): void {
		if (!this.#end(code)) return;
		this.#queue.close();
		this.#connection.close();
	}

	/** Returns whether this was the end: everything after it is ignored. */
	#end(code: ErrorCode): boolean {
		if (this.#ended) return false;
		this.#ended = true;
		this.#channel.removeEventListener('close', this.#onLost);
		this.#peerConnection.removeEventListener('connectionstatechange', this.#onStateChange);
		this.#onEnd(this);
		// In a turn of its own, so that `close` and `send` never call back into whoever called them.
		queueMicrotask(() => this.onClose?.(code));
		return true;
	}
}

function toPiece(data: unknown): Uint8Array | undefined {
	const piece = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
	return piece instanceof Uint8Array && piece.byteLength <= MAX_RECEIVED_PIECE_BYTES ? piece : undefined;
}
