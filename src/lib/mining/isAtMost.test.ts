import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex } from '../bytes/hex';
import { isAtMost } from './isAtMost';

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`);

describe('isAtMost', () => {
	it('includes equality', () => {
		const bytes = Uint8Array.of(1, 2, 3);
		expect(isAtMost(bytes, bytes)).toBe(true);
		expect(isAtMost(Uint8Array.of(1, 2, 4), bytes)).toBe(false);
		expect(isAtMost(Uint8Array.of(1, 2, 2), bytes)).toBe(true);
		expect(isAtMost(Uint8Array.of(0, 255, 255), bytes)).toBe(true);
	});

	it('agrees with bigints', () => {
		// Few different digits, so that long common beginnings and equal numbers are frequent.
		const digits = fc
			.array(fc.constantFrom(0, 1, 255), { minLength: 4, maxLength: 4 })
			.map((list) => Uint8Array.from(list));
		fc.assert(
			fc.property(digits, digits, (a, b) => isAtMost(a, b) === toNumber(a) <= toNumber(b)),
			{ numRuns: 1_000 }
		);
	});
});
