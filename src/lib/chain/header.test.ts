import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/header.json';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { refusalOf } from '../bytes/testing/refusalOf';
import { decodeHeader, encodeHeader, HEADER_LENGTH } from './header';
import { anyHeader } from './testing/arbitraries';
import { headerFromVector } from './testing/headerFromVector';

describe('header', () => {
	it.each(vectors.cases)('golden: $name', ({ header, encoded }) => {
		expect(bytesToHex(encodeHeader(headerFromVector(header)))).toBe(encoded);
		expect(decodeHeader(hexToBytes(encoded))).toEqual(headerFromVector(header));
	});

	it.each(vectors.refused)('refuses: $name', ({ encoded }) => {
		expect(refusalOf(() => decodeHeader(hexToBytes(encoded)))).toBe('bad-encoding');
	});

	it('decodes to what was encoded', () => {
		fc.assert(
			fc.property(anyHeader, (header) => {
				const bytes = encodeHeader(header);
				expect(bytes).toHaveLength(HEADER_LENGTH);
				expect(decodeHeader(bytes)).toEqual(header);
			})
		);
	});

	it('has no byte that does not matter: a change changes the header or is refused', () => {
		fc.assert(
			fc.property(anyHeader, fc.integer({ min: 1, max: 255 }), (header, change) => {
				const bytes = encodeHeader(header);
				for (let at = 0; at < HEADER_LENGTH; at++) {
					const changed = Uint8Array.from(bytes);
					changed[at]! ^= change;
					if (refusalOf(() => decodeHeader(changed))) continue;
					const other = decodeHeader(changed);
					expect(other).not.toEqual(header);
					expect(encodeHeader(other)).toEqual(changed);
				}
			}),
			{ numRuns: 25 }
		);
	});

	it('refuses every other length', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 2 * HEADER_LENGTH }), (bytes) => {
				fc.pre(bytes.length !== HEADER_LENGTH);
				expect(refusalOf(() => decodeHeader(bytes))).toBe('bad-encoding');
			})
		);
	});

	it.each([
		{ nonce: -1n },
		{ nonce: 2n ** 64n },
		{ version: 256 },
		{ height: -1 },
		{ height: 2 ** 32 },
		{ height: 0.5 },
		{ timestamp: 2 ** 53 },
		{ timestamp: -1 },
		{ target: 2n ** 256n },
		{ target: -1n }
	])('refuses to encode %o', (change) => {
		const header = headerFromVector(vectors.cases[0]!.header);
		expect(refusalOf(() => encodeHeader({ ...header, ...change }))).toBe('bad-encoding');
	});
});
