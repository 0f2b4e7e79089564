import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex } from '../bytes/hex';
import type { Hash } from '../bytes/hash';
import type { Header } from '../chain/header';
import { ERROR_CODES, PollenError } from '../errors/pollenError';
import { decodeMessage, encodeMessage } from './codec';
import { encodeFrame, FrameReader } from './frame';
import * as limits from './limits';
import type { MessageName, MessageOf, WireMessage } from './messages';

/** Lists and most byte fields stay short, so that many runs stay fast. Limits are tested one by one elsewhere. */
const FEW = 8;

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes) as Hash);
const hashes = fc.array(hash, { maxLength: FEW });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const someBytes = fc.uint8Array({ minLength: 1, maxLength: limits.MAX_TRANSACTION_MESSAGE_BYTES });
/** Enough for several pieces now and then. */
const manyBytes = fc.uint8Array({ minLength: 1, maxLength: 3 * limits.PIECE_BYTES, size: 'max' });
const character = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => !/\p{Cc}/u.test(text));

function plainText(maximum: number): fc.Arbitrary<string> {
	return fc.array(character, { maxLength: maximum, size: 'max' }).map((characters) => characters.join(''));
}

const header: fc.Arbitrary<Header> = fc.record({
	nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
	version: fc.integer({ min: 0, max: 255 }),
	height: u32,
	previousHash: hash,
	merkleRoot: hash,
	timestamp: fc.maxSafeNat(),
	target: uint256
});

/** An arbitrary for every message: the compiler sees to it that none is missing. */
const MESSAGES: { readonly [Name in MessageName]: fc.Arbitrary<Omit<MessageOf<Name>, 'type'>> } = {
	hello: fc.record({
		protocol: fc.integer({ min: 0, max: 0xffff }),
		electionId: hash,
		title: plainText(limits.MAX_TITLE_CHARACTERS),
		height: u32,
		work: uint256,
		tip: hash,
		label: plainText(limits.MAX_LABEL_CHARACTERS)
	}),
	ping: fc.record({ id: u32 }),
	pong: fc.record({ id: u32 }),
	getElection: fc.constant({}),
	election: fc.record({ definition: manyBytes }),
	getHeaders: fc.record({ locator: hashes }),
	headers: fc.record({ headers: fc.array(header, { maxLength: FEW }) }),
	getBlocks: fc.record({ hashes }),
	block: fc.record({ block: manyBytes }),
	inventory: fc.record({ ids: hashes }),
	getTransactions: fc.record({ ids: hashes }),
	transaction: fc.record({ transaction: someBytes }),
	getPeers: fc.constant({}),
	peers: fc.record({ peerIds: fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), { maxLength: limits.MAX_PEERS }) }),
	notFound: fc.record({ hashes }),
	bye: fc.record({ code: fc.constantFrom(...ERROR_CODES) }),
	stem: fc.record({ transaction: someBytes })
};

const anyMessage = fc.oneof(
	...(Object.keys(MESSAGES) as MessageName[]).map((type) =>
		MESSAGES[type].map((fields) => ({ type, ...fields }) as WireMessage)
	)
);

/** The message with bytes as hex: element by element, as `toEqual` compares arrays, long ones take seconds. */
function comparable(message: WireMessage | undefined): unknown {
	if (message === undefined) return undefined;
	const fields = Object.entries(message).map(([name, value]) => [
		name,
		value instanceof Uint8Array ? bytesToHex(value) : value
	]);
	return Object.fromEntries(fields);
}

/** All messages that come out of the pieces, and the error that ended the reading, if one did. */
function readAll(pieces: readonly Uint8Array[]): { messages: WireMessage[]; error: unknown; pending: boolean } {
	const reader = new FrameReader();
	const messages: WireMessage[] = [];
	for (const piece of pieces) {
		try {
			const message = reader.push(piece);
			if (message !== undefined) messages.push(message);
		} catch (error) {
			return { messages, error, pending: reader.pending };
		}
	}
	return { messages, error: undefined, pending: reader.pending };
}

/** Cuts bytes as a link would deliver them. */
function cut(bytes: Uint8Array): Uint8Array[] {
	const pieces: Uint8Array[] = [];
	for (let at = 0; at < bytes.length; at += limits.PIECE_BYTES) pieces.push(bytes.slice(at, at + limits.PIECE_BYTES));
	return pieces;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(Buffer.concat(pieces));
}

function expectMessageOrPollenError({ error }: { error: unknown }): void {
	if (error !== undefined) expect(error).toBeInstanceOf(PollenError);
}

describe('every message', () => {
	it('survives encoding and decoding', () => {
		fc.assert(
			fc.property(anyMessage, (message) => {
				const encoded = encodeMessage(message);
				expect(comparable(decodeMessage(encoded[0] ?? 0, encoded.subarray(1)))).toEqual(comparable(message));
			}),
			{ numRuns: 500 }
		);
	});

	it('survives framing, several on one link', () => {
		fc.assert(
			fc.property(fc.array(anyMessage, { maxLength: 5 }), (messages) => {
				const read = readAll(messages.flatMap(encodeFrame));
				expect(read.messages.map(comparable)).toEqual(messages.map(comparable));
				expect(read).toMatchObject({ error: undefined, pending: false });
			})
		);
	});

	it('has one encoding only: what decodes, encodes to the same bytes', () => {
		const mutated = fc.tuple(anyMessage, fc.nat(), fc.integer({ min: 0, max: 255 }));
		fc.assert(
			fc.property(mutated, ([message, position, value]) => {
				const encoded = encodeMessage(message);
				encoded[position % encoded.length] = value;
				const decoded = tryDecode(encoded);
				if (decoded !== undefined) expect(bytesToHex(encodeMessage(decoded))).toBe(bytesToHex(encoded));
			}),
			{ numRuns: 500 }
		);
	});
});

function tryDecode(encoded: Uint8Array): WireMessage | undefined {
	try {
		return decodeMessage(encoded[0] ?? 0, encoded.subarray(1));
	} catch (error) {
		expect(error).toBeInstanceOf(PollenError);
		return undefined;
	}
}

describe('a damaged frame', () => {
	it('that is truncated gives no message', () => {
		fc.assert(
			fc.property(anyMessage, fc.nat(), (message, cutAt) => {
				const frame = join(encodeFrame(message));
				const read = readAll(cut(frame.subarray(0, cutAt % frame.length)));
				expect(read.messages).toEqual([]);
				expectMessageOrPollenError(read);
			})
		);
	});

	it('that is extended within its last piece is refused whole', () => {
		fc.assert(
			fc.property(anyMessage, fc.uint8Array({ minLength: 1, maxLength: 64 }), (message, extra) => {
				const pieces = encodeFrame(message);
				const last = pieces.pop() ?? new Uint8Array();
				const read = readAll([...pieces, join([last, extra])]);
				expect(read.messages).toEqual([]);
				expect(read.error).toMatchObject({ code: 'bad-frame' });
			})
		);
	});

	it('that is changed anywhere gives messages or a PollenError, nothing else', () => {
		const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(anyMessage, changes, (message, list) => {
				const frame = join(encodeFrame(message));
				for (const [position, value] of list) frame[position % frame.length] = value;
				expectMessageOrPollenError(readAll(cut(frame)));
			}),
			{ numRuns: 1_000 }
		);
	});

	it('that is noise gives messages or a PollenError, nothing else', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (pieces) => {
				expectMessageOrPollenError(readAll(pieces));
			})
		);
	});

	it('that is noise behind a right header gives a message or a PollenError, nothing else', () => {
		const type = fc.integer({ min: 1, max: 16 });
		fc.assert(
			fc.property(type, fc.uint8Array({ maxLength: 300 }), (typeByte, payload) => {
				const start = Uint8Array.of(limits.FRAME_VERSION, typeByte, 0, 0, payload.length >> 8, payload.length & 0xff);
				const read = readAll([join([start, payload])]);
				expectMessageOrPollenError(read);
				expect(read.pending).toBe(false);
			}),
			{ numRuns: 1_000 }
		);
	});
});
