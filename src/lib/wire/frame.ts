import { concatBytes } from '../bytes/compare';
import { PollenError } from '../errors/pollenError';
import { checkPayloadLength, decodeMessage, encodePayload } from './codec';
import { FRAME_HEADER_BYTES, FRAME_VERSION, MAX_FRAME_BYTES, PIECE_BYTES } from './limits';
import { MESSAGE_TYPES, messageName, type WireMessage } from './messages';

interface FrameHeader {
	readonly type: number;
	/** Of the payload. */
	readonly length: number;
}

/**
 * The frame of a message, cut into the pieces that are handed to a link in this order: all of `PIECE_BYTES` but the last.
 * @throws PollenError bad-message, oversized
 */
export function encodeFrame(message: WireMessage): Uint8Array[] {
	const payload = encodePayload(message);
	const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
	frame[0] = FRAME_VERSION;
	frame[1] = MESSAGE_TYPES[message.type];
	new DataView(frame.buffer).setUint32(2, payload.length);
	frame.set(payload, FRAME_HEADER_BYTES);
	return cut(frame);
}

/**
 * Puts one peer's pieces together, one frame at a time. A frame begins with a piece, and every piece has the one length
 * that its place in the frame demands. So a frame has one form only, cannot stall on empty or tiny pieces, and costs no
 * more memory than the bytes that really arrived.
 */
export class FrameReader {
	#pieces: Uint8Array[] = [];
	#header: FrameHeader | undefined;
	/** Bytes of the frame, its header included, that have not arrived. */
	#missingBytes = 0;

	/** Whether a frame has begun and not ended. The node closes a link on which this lasts `REASSEMBLY_MS`. */
	get pending(): boolean {
		return this.#header !== undefined;
	}

	/**
	 * Takes the next piece; it must not be changed afterwards. Returns the message when this was its last piece.
	 * After a throw the frame is forgotten; pieces of it that still come will be refused, so the link is to be closed.
	 * @throws PollenError bad-frame, oversized, bad-message
	 */
	push(piece: Uint8Array): WireMessage | undefined {
		try {
			return this.#take(piece);
		} catch (error) {
			this.#reset();
			throw error;
		}
	}

	#take(piece: Uint8Array): WireMessage | undefined {
		if (this.#header === undefined) this.#begin(piece);
		checkPieceLength(piece, this.#missingBytes);
		this.#pieces.push(piece);
		this.#missingBytes -= piece.length;
		return this.#missingBytes === 0 ? this.#finish() : undefined;
	}

	#begin(piece: Uint8Array): void {
		const header = readHeader(piece);
		checkHeader(header);
		this.#header = header;
		this.#missingBytes = FRAME_HEADER_BYTES + header.length;
	}

	#finish(): WireMessage {
		const [first, ...others] = this.#pieces as [Uint8Array, ...Uint8Array[]];
		const frame = others.length === 0 ? first : concatBytes(first, ...others);
		this.#reset();
		const { type } = readHeader(frame);
		return decodeMessage(type, frame.subarray(FRAME_HEADER_BYTES));
	}

	#reset(): void {
		this.#pieces = [];
		this.#header = undefined;
		this.#missingBytes = 0;
	}
}

function cut(frame: Uint8Array): Uint8Array[] {
	if (frame.length <= PIECE_BYTES) return [frame];
	const pieces: Uint8Array[] = [];
	// Copies, not views: a link may send the whole buffer under a view, or transfer it.
	for (let start = 0; start < frame.length; start += PIECE_BYTES) pieces.push(frame.slice(start, start + PIECE_BYTES));
	return pieces;
}

/** Reads the header with which the first piece of every frame begins. */
function readHeader(piece: Uint8Array): FrameHeader {
	if (piece.length < FRAME_HEADER_BYTES) throw new PollenError('bad-frame', 'a piece too short for a frame to begin');
	const view = new DataView(piece.buffer, piece.byteOffset, FRAME_HEADER_BYTES);
	const version = view.getUint8(0);
	if (version !== FRAME_VERSION) throw new PollenError('bad-frame', `frame version ${version}`);
	return { type: view.getUint8(1), length: view.getUint32(2) };
}

/** Refuses a frame by what its header claims, before anything of it is kept. */
function checkHeader({ type, length }: FrameHeader): void {
	const name = messageName(type);
	if (name === undefined) throw new PollenError('bad-frame', `no message has type ${type}`);
	if (length > MAX_FRAME_BYTES) throw new PollenError('oversized', `frame of ${length} bytes`);
	checkPayloadLength(name, length);
}

function checkPieceLength(piece: Uint8Array, missingBytes: number): void {
	const expected = Math.min(PIECE_BYTES, missingBytes);
	if (piece.length !== expected) {
		throw new PollenError('bad-frame', `a piece of ${piece.length} bytes where ${expected} were due`);
	}
}
