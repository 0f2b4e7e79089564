import fc from 'fast-check';
import * as P from 'micro-packed';
import { describe, expect, it } from 'vitest';
import {
	byteString,
	decodeStrict,
	encodeStrict,
	fixedBytes,
	hash32,
	listOf,
	ranged,
	shortText,
	u16,
	u64number,
	u8,
	uint256,
	type CoderType
} from './coders';
import type { Hash } from './hash';
import { bytesToHex, hashFromBytes, hexToBytes } from './hex';
import { refusalOf } from './testing/refusalOf';

const encoded = <T>(coder: CoderType<T>, value: T) => bytesToHex(encodeStrict(coder, value, 'value'));
const decoded = <T>(coder: CoderType<T>, hex: string) => decodeStrict(coder, hexToBytes(hex), 'value');
const encodeRefusal = <T>(coder: CoderType<T>, value: T) => refusalOf(() => encodeStrict(coder, value, 'value'));
const decodeRefusal = <T>(coder: CoderType<T>, hex: string) => refusalOf(() => decoded(coder, hex));

describe('hash32', () => {
	it('is the 32 bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
				expect(encoded(hash32, hashFromBytes(bytes))).toBe(bytesToHex(bytes));
				expect(decoded(hash32, bytesToHex(bytes))).toBe(hashFromBytes(bytes));
			})
		);
	});

	it('refuses other lengths and other values', () => {
		expect(decodeRefusal(hash32, '00'.repeat(31))).toBe('bad-encoding');
		expect(decodeRefusal(hash32, '00'.repeat(33))).toBe('bad-encoding');
		expect(encodeRefusal(hash32, 'AA'.repeat(32) as Hash)).toBe('bad-encoding');
	});
});

describe('u64number', () => {
	it('is big-endian and exact up to 2^53 - 1', () => {
		expect(encoded(u64number, 258)).toBe('0000000000000102');
		expect(encoded(u64number, Number.MAX_SAFE_INTEGER)).toBe('001fffffffffffff');
		fc.assert(fc.property(fc.maxSafeNat(), (value) => decoded(u64number, encoded(u64number, value)) === value));
	});

	it('refuses what a number cannot hold', () => {
		expect(decodeRefusal(u64number, '0020000000000000')).toBe('bad-encoding');
		for (const value of [-1, 0.5, NaN, Infinity, 2 ** 53]) expect(encodeRefusal(u64number, value)).toBe('bad-encoding');
	});
});

describe('uint256', () => {
	it('is 32 bytes, big-endian', () => {
		expect(encoded(uint256, 258n)).toBe('0102'.padStart(64, '0'));
		expect(decoded(uint256, 'ff'.repeat(32))).toBe(2n ** 256n - 1n);
	});

	it('refuses what does not fit', () => {
		for (const value of [-1n, 2n ** 256n]) expect(encodeRefusal(uint256, value)).toBe('bad-encoding');
	});
});

describe('fixedBytes', () => {
	it('copies what it decodes', () => {
		for (const source of [Uint8Array.of(1, 2, 3), Buffer.from([1, 2, 3])]) {
			const bytes = decodeStrict(fixedBytes(3), source, 'value');
			source[0] = 9;
			expect([...bytes]).toEqual([1, 2, 3]);
		}
	});

	it('refuses other lengths', () => {
		expect(encodeRefusal(fixedBytes(3), new Uint8Array(2))).toBe('bad-encoding');
		expect(decodeRefusal(fixedBytes(3), '0102')).toBe('bad-encoding');
		expect(decodeRefusal(fixedBytes(3), '01020304')).toBe('bad-encoding');
	});
});

describe('byteString', () => {
	it('has its length before it', () => {
		expect(encoded(byteString(3), Uint8Array.of(1, 2))).toBe('000000020102');
		expect([...decoded(byteString(3), '000000020102')]).toEqual([1, 2]);
	});

	it('refuses more than its maximum, and lengths that lie', () => {
		expect(encodeRefusal(byteString(3), new Uint8Array(4))).toBe('bad-encoding');
		expect(decodeRefusal(byteString(3), '0000000401020304')).toBe('bad-encoding');
		expect(decodeRefusal(byteString(3), '0000000301')).toBe('bad-encoding');
		expect(decodeRefusal(byteString(3), '000000010102')).toBe('bad-encoding');
	});
});

describe('shortText', () => {
	it('counts bytes, in u8 up to 255 and in u16 above', () => {
		expect(encoded(shortText(255), 'é')).toBe('02c3a9');
		expect(encoded(shortText(256), 'é')).toBe('0002c3a9');
		expect(decoded(shortText(255), '02c3a9')).toBe('é');
	});

	it('refuses too long text, bytes that are not UTF-8, and lone surrogates', () => {
		expect(encodeRefusal(shortText(3), 'éé')).toBe('bad-encoding');
		expect(decodeRefusal(shortText(3), '0461616161')).toBe('bad-encoding');
		expect(decodeRefusal(shortText(3), '01ff')).toBe('bad-encoding');
		expect(encodeRefusal(shortText(3), '\udc00')).toBe('bad-encoding');
	});
});

describe('ranged and listOf', () => {
	it('let through exactly the range', () => {
		const coder = ranged(u8, 1, 64);
		fc.assert(
			fc.property(fc.nat(255), (value) => {
				const refusal = value >= 1 && value <= 64 ? undefined : 'bad-encoding';
				expect(encodeRefusal(coder, value)).toBe(refusal);
				expect(decodeRefusal(coder, value.toString(16).padStart(2, '0'))).toBe(refusal);
			})
		);
	});

	it('hold at most their maximum', () => {
		const coder = listOf(u8, 2, u16);
		expect(encoded(coder, [1, 2])).toBe('0200010002');
		expect(decoded(coder, '00')).toEqual([]);
		expect(encodeRefusal(coder, [1, 2, 3])).toBe('bad-encoding');
		expect(decodeRefusal(coder, '03000100020003')).toBe('bad-encoding');
		expect(decodeRefusal(coder, '020001')).toBe('bad-encoding');
	});
});

describe('decodeStrict', () => {
	it('accepts only bytes that encode what they decode to', () => {
		const coder = P.struct({ name: shortText(8), list: listOf(u8, 3, u16), at: u64number });
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
				if (refusalOf(() => decodeStrict(coder, bytes, 'value'))) return;
				expect(coder.encode(decodeStrict(coder, bytes, 'value'))).toEqual(bytes);
			}),
			{ numRuns: 1000 }
		);
	});

	it('names the thing it could not decode', () => {
		expect(() => decodeStrict(u8, new Uint8Array(2), 'the widget')).toThrow('the widget');
	});
});
