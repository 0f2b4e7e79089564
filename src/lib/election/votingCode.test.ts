import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/voting-code.json';
import { hexToBytes } from '../bytes/hex';
import { symbolOf } from './crockford';
import { refusalOf } from '../bytes/testing/refusalOf';
import { codeFromBytes, formatCode, isWellFormedCode, normaliseCode } from './votingCode';

const anyCode = fc.uint8Array({ minLength: 10, maxLength: 10 }).map((bytes) => codeFromBytes(bytes));

function replaceAt(code: string, position: number, symbol: string): string {
	return code.slice(0, position) + symbol + code.slice(position + 1);
}

describe('the golden voting codes', () => {
	it.each(vectors.codes)('$shown', ({ random, code, shown }) => {
		expect(codeFromBytes(hexToBytes(random))).toBe(code);
		expect(formatCode(code)).toBe(shown);
		expect(isWellFormedCode(code)).toBe(true);
	});

	it.each(vectors.typed)('reads "$typed" as $normalised', ({ typed, normalised }) => {
		expect(normaliseCode(typed)).toBe(normalised);
	});

	it.each(vectors.illFormed)('sees that a code is wrong: $why', ({ code }) => {
		expect(isWellFormedCode(code)).toBe(false);
	});
});

describe('a voting code', () => {
	it('survives being shown and typed', () => {
		fc.assert(
			fc.property(anyCode, (code) => {
				expect(formatCode(code)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
				expect(normaliseCode(formatCode(code).toLowerCase())).toBe(code);
				expect(normaliseCode(code.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code);
				expect(isWellFormedCode(code)).toBe(true);
			})
		);
	});

	it('is caught with any one wrong character', () => {
		fc.assert(
			fc.property(anyCode, fc.nat(15), fc.nat(31), (code, position, value) => {
				const changed = replaceAt(code, position, symbolOf(value));
				expect(isWellFormedCode(changed)).toBe(changed === code);
			}),
			{ numRuns: 2_000 }
		);
	});

	it('is caught with any two characters swapped', () => {
		fc.assert(
			fc.property(anyCode, fc.nat(15), fc.nat(15), (code, a, b) => {
				const swapped = replaceAt(replaceAt(code, a, code.charAt(b)), b, code.charAt(a));
				expect(isWellFormedCode(swapped)).toBe(swapped === code);
			}),
			{ numRuns: 2_000 }
		);
	});

	it('uses 75 random bits, all of them', () => {
		const zero = codeFromBytes(new Uint8Array(10));
		for (let bit = 0; bit < 80; bit++) {
			const bytes = new Uint8Array(10);
			bytes[bit >> 3] = 0x80 >> (bit & 7);
			expect(codeFromBytes(bytes) !== zero).toBe(bit < 75);
		}
	});

	it('is not made of too little randomness', () => {
		expect(refusalOf(() => codeFromBytes(new Uint8Array(9)))).toBe('bad-encoding');
		expect(codeFromBytes(new Uint8Array(32))).toBe(codeFromBytes(new Uint8Array(10)));
	});
});
