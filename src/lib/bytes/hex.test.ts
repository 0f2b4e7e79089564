import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesEqual } from './compare';
import { isHash, ZERO_HASH, type Hash } from './hash';
import { bytesToHex, hashFromBytes, hashToBytes, hashesToBytes, hexToBytes } from './hex';
import { refusalOf } from './testing/refusalOf';

describe('hex', () => {
	it('writes two lower-case digits a byte', () => {
		expect(bytesToHex(Uint8Array.of(0, 1, 0x0a, 0xf0, 0xff))).toBe('00010af0ff');
		expect(bytesToHex(new Uint8Array(0))).toBe('');
	});

	it('reads what it writes', () => {
		fc.assert(fc.property(fc.uint8Array(), (bytes) => bytesEqual(hexToBytes(bytesToHex(bytes)), bytes)));
	});

	it.each(['0', 'abc', 'AB', 'aB', '0x00', 'zz', ' 00', '00 ', '00\n', '٠٠'])('refuses %j', (hex) => {
		expect(refusalOf(() => hexToBytes(hex))).toBe('bad-encoding');
	});

	it('refuses what is not a string', () => {
		expect(refusalOf(() => hexToBytes(null as unknown as string))).toBe('bad-encoding');
		expect(refusalOf(() => hexToBytes(['00'] as unknown as string))).toBe('bad-encoding');
	});
});

describe('hashes', () => {
	it('are 32 bytes both ways', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
				const hash = hashFromBytes(bytes);
				expect(isHash(hash)).toBe(true);
				expect(hashToBytes(hash)).toEqual(bytes);
			})
		);
		expect(hashFromBytes(new Uint8Array(32))).toBe(ZERO_HASH);
	});

	it.each([0, 31, 33])('refuse %i bytes', (length) => {
		expect(refusalOf(() => hashFromBytes(new Uint8Array(length)))).toBe('bad-encoding');
	});

	it.each(['', '00', 'F'.repeat(64), '0'.repeat(66), 'g'.repeat(64), `${'0'.repeat(64)}\n`])('refuse %j', (text) => {
		expect(refusalOf(() => hashToBytes(text as Hash))).toBe('bad-encoding');
		expect(refusalOf(() => hashesToBytes([ZERO_HASH, text as Hash]))).toBe('bad-encoding');
	});

	it('become bytes one after another, however many there are', () => {
		const hashes = [1, 2].map((byte) => hashFromBytes(new Uint8Array(32).fill(byte)));
		expect(hashesToBytes(hashes)).toEqual(Uint8Array.of(...Array(32).fill(1), ...Array(32).fill(2)));
		expect(hashesToBytes([])).toHaveLength(0);
		expect(hashesToBytes(Array.from({ length: 200_000 }, () => ZERO_HASH))).toHaveLength(200_000 * 32);
	});
});
