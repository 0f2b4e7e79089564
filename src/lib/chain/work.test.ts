import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/work.json';
import type { Hash } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { refusalOf } from '../bytes/testing/refusalOf';
import { decodeHeader, encodeHeader, HEADER_LENGTH, NONCE_LENGTH } from './header';
import { anyHash, anyHeader, anyTarget } from './testing/arbitraries';
import { fillWorkMessage, meetsTarget, setNonce, workHashSync, workMessage, workOf, WORK_MESSAGE_LENGTH } from './work';

describe('work message', () => {
	it.each(vectors.cases)('golden: $name', ({ header, filler, messageEnd, hash }) => {
		const message = workMessage(hexToBytes(header));
		expect(bytesToHex(message.subarray(0, HEADER_LENGTH))).toBe(header);
		expect(bytesToHex(message.subarray(HEADER_LENGTH, HEADER_LENGTH + 32))).toBe(filler);
		expect(bytesToHex(message.subarray(-16))).toBe(messageEnd);
		expect(workHashSync(hexToBytes(header))).toBe(hash);
	});

	it('is the header and the filler repeated, byte for byte', () => {
		fc.assert(
			fc.property(anyHeader, (header) => {
				const bytes = encodeHeader(header);
				const filler = createHash('sha256').update(bytes.subarray(NONCE_LENGTH)).digest();
				const expected = Buffer.alloc(WORK_MESSAGE_LENGTH);
				expected.fill(filler, HEADER_LENGTH);
				expected.set(bytes);
				const message = workMessage(bytes);
				expect(Buffer.compare(message, expected)).toBe(0);
				expect(workHashSync(bytes)).toBe(createHash('sha256').update(expected).digest('hex'));
			}),
			{ numRuns: 20 }
		);
	});

	it('overwrites whatever the array held, and works on a part of a larger array', () => {
		fc.assert(
			fc.property(anyHeader, anyHeader, (first, second) => {
				const buffer = new Uint8Array(WORK_MESSAGE_LENGTH + 7).subarray(7);
				fillWorkMessage(encodeHeader(first), buffer);
				fillWorkMessage(encodeHeader(second), buffer);
				expect(Buffer.compare(buffer, workMessage(encodeHeader(second)))).toBe(0);
			}),
			{ numRuns: 20 }
		);
	});

	it('refuses wrong lengths', () => {
		const header = new Uint8Array(HEADER_LENGTH);
		const message = new Uint8Array(WORK_MESSAGE_LENGTH);
		expect(refusalOf(() => workMessage(header.subarray(1)))).toBe('bad-encoding');
		expect(refusalOf(() => workMessage(new Uint8Array(HEADER_LENGTH + 1)))).toBe('bad-encoding');
		expect(refusalOf(() => workHashSync(message))).toBe('bad-encoding');
		expect(refusalOf(() => fillWorkMessage(header, message.subarray(1)))).toBe('bad-encoding');
	});
});

describe('setNonce', () => {
	it('gives the message of the header with that nonce', () => {
		fc.assert(
			fc.property(anyHeader, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (header, nonce) => {
				const buffer = new Uint8Array(WORK_MESSAGE_LENGTH + 3).subarray(3);
				fillWorkMessage(encodeHeader(header), buffer);
				setNonce(buffer, nonce);
				expect(Buffer.compare(buffer, workMessage(encodeHeader({ ...header, nonce })))).toBe(0);
				expect(decodeHeader(buffer.slice(0, HEADER_LENGTH)).nonce).toBe(nonce);
			}),
			{ numRuns: 20 }
		);
	});

	it('is big-endian and refuses what does not fit', () => {
		const header = new Uint8Array(HEADER_LENGTH);
		setNonce(header, 0x0102030405060708n);
		expect(bytesToHex(header.subarray(0, 9))).toBe('010203040506070800');
		expect(refusalOf(() => setNonce(header, -1n))).toBe('bad-encoding');
		expect(refusalOf(() => setNonce(header, 2n ** 64n))).toBe('bad-encoding');
	});
});

describe('work of a target', () => {
	it.each(vectors.work)('golden: target $target', ({ target, work }) => {
		expect(workOf(BigInt(`0x${target}`))).toBe(BigInt(work));
	});

	it('is at least 1 and never grows with the target', () => {
		fc.assert(
			fc.property(anyTarget, anyTarget, (a, b) => {
				const [lower, higher] = a < b ? [a, b] : [b, a];
				expect(workOf(lower)).toBeGreaterThanOrEqual(workOf(higher));
				expect(workOf(higher)).toBeGreaterThanOrEqual(1n);
			})
		);
	});

	it('refuses numbers that are no target', () => {
		expect(refusalOf(() => workOf(-1n))).toBe('bad-target');
		expect(refusalOf(() => workOf(2n ** 256n))).toBe('bad-target');
	});
});

describe('meetsTarget', () => {
	it('compares the hash as a big-endian number, and lets equality pass', () => {
		fc.assert(
			fc.property(anyHash, anyTarget, (hash, target) => {
				// Hex digits of equal length compare as the numbers do.
				expect(meetsTarget(hash, target)).toBe(hash <= target.toString(16).padStart(64, '0'));
			})
		);
		const hash = '1'.padStart(64, '0') as Hash;
		expect(meetsTarget(hash, 1n)).toBe(true);
		expect(meetsTarget(hash, 0n)).toBe(false);
	});
});
