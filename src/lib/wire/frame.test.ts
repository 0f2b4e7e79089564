import { describe, expect, it } from 'vitest';
import { ZERO_HASH } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import type { ErrorCode } from '../errors/pollenError';
import { encodeFrame, FrameReader } from './frame';
import type { WireMessage } from './messages';

const PIECE = 16_384;
const PING: WireMessage = { type: 'ping', id: 1 };

/** A block message whose frame has exactly `frameBytes` bytes. */
function blockFrame(frameBytes: number): { message: WireMessage; pieces: Uint8Array[] } {
	const block = Uint8Array.from({ length: frameBytes - 6 }, (_, index) => index % 251);
	const message: WireMessage = { type: 'block', block };
	return { message, pieces: encodeFrame(message) };
}

/** The message with bytes as hex: element by element, as `toEqual` compares arrays, a mebibyte takes seconds. */
function comparable(message: WireMessage | undefined): unknown {
	if (message === undefined) return undefined;
	const fields = Object.entries(message).map(([name, value]) => [
		name,
		value instanceof Uint8Array ? bytesToHex(value) : value
	]);
	return Object.fromEntries(fields);
}

function expectRefused(action: () => unknown, code: ErrorCode): void {
	expect(action).toThrow(expect.objectContaining({ name: 'PollenError', code }));
}

describe('encodeFrame', () => {
	it.each([
		[PIECE, [PIECE]],
		[PIECE + 1, [PIECE, 1]],
		[2 * PIECE, [PIECE, PIECE]],
		[2 * PIECE + 100, [PIECE, PIECE, 100]]
	])('cuts %i bytes into pieces of %j', (frameBytes, lengths) => {
		const { pieces } = blockFrame(frameBytes);
		expect(pieces.map((piece) => piece.length)).toEqual(lengths);
		expect(pieces.map((piece) => piece.buffer.byteLength)).toEqual(lengths);
	});

	it('refuses a definition beyond 1 MiB', () => {
		const definition = new Uint8Array(1_048_577);
		expectRefused(() => encodeFrame({ type: 'election', definition }), 'oversized');
	});
});

describe('FrameReader', () => {
	it.each([PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 100])('puts %i bytes together again', (frameBytes) => {
		const { message, pieces } = blockFrame(frameBytes);
		const reader = new FrameReader();
		const last = pieces.pop() ?? new Uint8Array();
		for (const piece of pieces) {
			expect(reader.push(piece)).toBeUndefined();
			expect(reader.pending).toBe(true);
		}
		expect(comparable(reader.push(last))).toEqual(comparable(message));
		expect(reader.pending).toBe(false);
	});

	it('reads a piece that is a view into a larger buffer', () => {
		const [piece = new Uint8Array()] = encodeFrame(PING);
		const buffer = new Uint8Array(100).fill(0xee);
		buffer.set(piece, 37);
		expect(new FrameReader().push(buffer.subarray(37, 37 + piece.length))).toEqual(PING);
	});

	it.each([
		['an empty piece', '', 'bad-frame'],
		['a piece too short for a header', '0102000000', 'bad-frame'],
		['another version', '0202000000040000000001', 'bad-frame'],
		['type 0', '010000000000', 'bad-frame'],
		['type 18', '011200000000', 'bad-frame'],
		['a length over 1 MiB', '010500100001', 'oversized'],
		['a length of 4 GiB', '0105ffffffff', 'oversized'],
		['a length beyond what the message can have', '0102000000050000000000', 'oversized'],
		['fewer bytes than the header claims', '010200000004000000', 'bad-frame'],
		['more bytes than the header claims', '0102000000040000000102', 'bad-frame'],
		['two frames in one piece', '010400000000010d00000000', 'bad-frame'],
		['a payload that cannot be read', '010300000003000000', 'bad-message']
	] as const)('refuses %s', (_name, hex, code) => {
		const reader = new FrameReader();
		expectRefused(() => reader.push(hexToBytes(hex)), code);
		expect(reader.pending).toBe(false);
	});

	it('refuses a message that will be too long with its first piece, not its last', () => {
		const piece = new Uint8Array(PIECE);
		piece.set(hexToBytes('010900040001'));
		const reader = new FrameReader();
		expectRefused(() => reader.push(piece), 'oversized');
		expect(reader.pending).toBe(false);
	});

	it('refuses a piece over 16 KiB, at the beginning and later', () => {
		const { pieces } = blockFrame(4 * PIECE);
		const joined = Uint8Array.from(Buffer.concat(pieces));
		expectRefused(() => new FrameReader().push(joined.subarray(0, PIECE + 1)), 'bad-frame');
		const reader = new FrameReader();
		reader.push(joined.subarray(0, PIECE));
		expectRefused(() => reader.push(joined.subarray(PIECE, 2 * PIECE + 1)), 'bad-frame');
	});

	it.each([0, 1, PIECE - 1])('refuses a piece of %i bytes in the middle, so that no frame lasts for ever', (length) => {
		const { pieces } = blockFrame(3 * PIECE);
		const reader = new FrameReader();
		reader.push(pieces[0] ?? new Uint8Array());
		expectRefused(() => reader.push((pieces[1] ?? new Uint8Array()).subarray(0, length)), 'bad-frame');
		expect(reader.pending).toBe(false);
	});

	it('refuses a second frame inside the first', () => {
		const { pieces } = blockFrame(2 * PIECE);
		const reader = new FrameReader();
		reader.push(pieces[0] ?? new Uint8Array());
		expectRefused(() => reader.push(encodeFrame(PING)[0] ?? new Uint8Array()), 'bad-frame');
	});

	it('reads the longest definition', () => {
		const message: WireMessage = { type: 'election', definition: new Uint8Array(1_048_576).fill(7) };
		const reader = new FrameReader();
		const read = encodeFrame(message).map((piece) => reader.push(piece));
		expect(read.length).toBe(65);
		expect(comparable(read.at(-1))).toEqual(comparable(message));
	});

	it('begins anew after a frame was refused', () => {
		const reader = new FrameReader();
		expectRefused(() => reader.push(Uint8Array.of(9)), 'bad-frame');
		const message: WireMessage = { type: 'getBlocks', hashes: [ZERO_HASH] };
		expect(reader.push(encodeFrame(message)[0] ?? new Uint8Array())).toEqual(message);
	});
});
