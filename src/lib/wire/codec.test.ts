import { describe, expect, it } from 'vitest';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { ZERO_HASH } from '../bytes/hash';
import type { Header } from '../chain/header';
import type { ErrorCode } from '../errors/pollenError';
import { decodeMessage, encodeMessage } from './codec';
import * as limits from './limits';
import { MESSAGE_TYPES, type Hello, type WireMessage } from './messages';

const HELLO: Hello = {
	type: 'hello',
	protocol: limits.PROTOCOL_VERSION,
	electionId: ZERO_HASH,
	title: '',
	height: 0,
	work: 0n,
	tip: ZERO_HASH,
	label: ''
};

const HEADER: Header = {
	nonce: 0n,
	version: 1,
	height: 1,
	previousHash: ZERO_HASH,
	merkleRoot: ZERO_HASH,
	timestamp: 1,
	target: 1n
};

const hashes = (count: number) => Array.from({ length: count }, () => ZERO_HASH);

function roundTrip(message: WireMessage): WireMessage {
	const encoded = encodeMessage(message);
	return decodeMessage(encoded[0] ?? 0, encoded.subarray(1));
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

/** The longest lists that are allowed, and the same with one item more. */
const LISTS: readonly [string, number, (count: number) => WireMessage][] = [
	['getHeaders', 32, (count) => ({ type: 'getHeaders', locator: hashes(count) })],
	['headers', 500, (count) => ({ type: 'headers', headers: Array.from({ length: count }, () => HEADER) })],
	['getBlocks', 16, (count) => ({ type: 'getBlocks', hashes: hashes(count) })],
	['inventory', 500, (count) => ({ type: 'inventory', ids: hashes(count) })],
	['getTransactions', 500, (count) => ({ type: 'getTransactions', ids: hashes(count) })],
	['peers', 32, (count) => ({ type: 'peers', peerIds: Array.from({ length: count }, () => 'x'.repeat(64)) })],
	['notFound', 500, (count) => ({ type: 'notFound', hashes: hashes(count) })]
];

describe('lists', () => {
	it.each(LISTS)('of %s hold nothing to %i items', (_name, maximum, make) => {
		expect(roundTrip(make(0))).toEqual(make(0));
		expect(roundTrip(make(maximum))).toEqual(make(maximum));
		expectRefused(() => encodeMessage(make(maximum + 1)), 'bad-message');
	});

	it('refuse a count beyond the limit even when the payload has the longest length', () => {
		const encoded = encodeMessage({ type: 'getBlocks', hashes: hashes(limits.MAX_BLOCKS) });
		encoded[2] = limits.MAX_BLOCKS + 1;
		expectRefused(() => decodeMessage(MESSAGE_TYPES.getBlocks, encoded.subarray(1)), 'bad-message');
	});

	it('refuse a count that the payload does not hold', () => {
		expectRefused(() => decodeMessage(MESSAGE_TYPES.inventory, hexToBytes('01f4')), 'bad-message');
	});
});

describe('texts', () => {
	it.each(['a', 'ß', '選', '🗳'])('are counted in characters, here %s', (character) => {
		const longest = { ...HELLO, title: character.repeat(200), label: character.repeat(40) };
		expect(roundTrip(longest)).toEqual(longest);
		expectRefused(() => encodeMessage({ ...HELLO, title: character.repeat(201) }), 'bad-message');
		expectRefused(() => encodeMessage({ ...HELLO, label: character.repeat(41) }), 'bad-message');
	});

	it.each(['\u0000', '\n', '\u001b', '\u007f', '\u0085'])('have no control characters (case %#)', (character) => {
		expectRefused(() => encodeMessage({ ...HELLO, title: `a${character}b` }), 'bad-message');
		expectRefused(() => encodeMessage({ ...HELLO, label: `a${character}b` }), 'bad-message');
	});

	it('with a control character are refused when read', () => {
		const encoded = encodeMessage({ ...HELLO, label: 'ab' });
		encoded[encoded.length - 1] = 0x0a;
		expectRefused(() => decodeMessage(MESSAGE_TYPES.hello, encoded.subarray(1)), 'bad-message');
	});

	it.each(['ff', 'c080', 'eda080', 'f8'])('that are not UTF-8 are refused (%s)', (hex) => {
		const bytes = hexToBytes(hex);
		const encoded = encodeMessage({ ...HELLO, label: 'a'.repeat(bytes.length) });
		encoded.set(bytes, encoded.length - bytes.length);
		expectRefused(() => decodeMessage(MESSAGE_TYPES.hello, encoded.subarray(1)), 'bad-message');
	});

	it('with a lone surrogate are refused, because they would arrive as another text', () => {
		expectRefused(() => encodeMessage({ ...HELLO, title: '\ud800' }), 'bad-message');
	});
});

describe('peer IDs', () => {
	it.each(['', 'x'.repeat(65), 'a b', 'a.b', 'ä', 'a\n', '../x'])('like %j are refused', (peerId) => {
		expectRefused(() => encodeMessage({ type: 'peers', peerIds: [peerId] }), 'bad-message');
	});

	it('are refused when read as well', () => {
		expectRefused(() => decodeMessage(MESSAGE_TYPES.peers, hexToBytes('00010161ff')), 'bad-message');
		expectRefused(() => decodeMessage(MESSAGE_TYPES.peers, hexToBytes('00010120')), 'bad-message');
		expectRefused(() => decodeMessage(MESSAGE_TYPES.peers, hexToBytes('000100')), 'bad-message');
		expect(decodeMessage(MESSAGE_TYPES.peers, hexToBytes('00010161'))).toEqual({ type: 'peers', peerIds: ['a'] });
	});
});

describe('bye', () => {
	it('carries only codes that exist', () => {
		const payload = Uint8Array.from([3, ...new TextEncoder().encode('who')]);
		expectRefused(() => decodeMessage(MESSAGE_TYPES.bye, payload), 'bad-message');
		expectRefused(() => encodeMessage({ type: 'bye', code: 'who' as ErrorCode }), 'bad-message');
	});
});

describe('byte fields', () => {
	const block = (length: number): WireMessage => ({ type: 'block', block: new Uint8Array(length) });
	const transaction = (length: number): WireMessage => ({ type: 'transaction', transaction: new Uint8Array(length) });
	const election = (length: number): WireMessage => ({ type: 'election', definition: new Uint8Array(length) });

	it.each([
		['block', block, 262_144],
		['transaction', transaction, 1_024],
		['election', election, 1_048_576]
	])('of %s are not empty and not too long', (_name, make, maximum) => {
		expect(comparable(roundTrip(make(maximum)))).toEqual(comparable(make(maximum)));
		expectRefused(() => encodeMessage(make(maximum + 1)), 'oversized');
		expectRefused(() => encodeMessage(make(0)), 'bad-message');
	});

	it('share no memory with the payload', () => {
		const payload = Buffer.from([1, 2, 3]);
		const message = decodeMessage(MESSAGE_TYPES.block, payload);
		payload[0] = 9;
		expect(message).toEqual({ type: 'block', block: Uint8Array.of(1, 2, 3) });
	});
});

describe('payloads', () => {
	it('without meaning are refused', () => {
		expectRefused(() => decodeMessage(0, new Uint8Array()), 'bad-message');
		expectRefused(() => decodeMessage(17, new Uint8Array()), 'bad-message');
	});

	it('with trailing bytes are refused', () => {
		expectRefused(() => decodeMessage(MESSAGE_TYPES.ping, new Uint8Array(5)), 'oversized');
		expectRefused(() => decodeMessage(MESSAGE_TYPES.getPeers, new Uint8Array(1)), 'oversized');
		expectRefused(() => decodeMessage(MESSAGE_TYPES.getHeaders, hexToBytes('000000')), 'bad-message');
	});

	it.each([-1, 0.5, 2 ** 32, NaN])('with a number out of range (%d) are not sent', (id) => {
		expectRefused(() => encodeMessage({ type: 'ping', id }), 'bad-message');
	});

	it('with work beyond 256 bits are not sent', () => {
		expectRefused(() => encodeMessage({ ...HELLO, work: 2n ** 256n }), 'bad-message');
		expectRefused(() => encodeMessage({ ...HELLO, work: -1n }), 'bad-message');
	});

	it('with an unsafe timestamp are refused', () => {
		const encoded = encodeMessage({ type: 'headers', headers: [HEADER] });
		const timestampOffset = 1 + 2 + 8 + 1 + 4 + 32 + 32;
		encoded.set(hexToBytes('0020000000000000'), timestampOffset);
		expectRefused(() => decodeMessage(MESSAGE_TYPES.headers, encoded.subarray(1)), 'bad-message');
	});
});
