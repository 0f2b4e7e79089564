import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharesOf } from './shares';

const LIMITS = { min: 32, max: 96 };
const lengthsOf = (count: number, workers: number) =>
	sharesOf(Array.from({ length: count }), workers, LIMITS).map(({ length }) => length);

describe('sharesOf', () => {
	it.each([
		[0, 2, []],
		[1, 2, [1]],
		[63, 2, [63]],
		[64, 2, [32, 32]],
		[64, 1, [64]],
		[97, 1, [49, 48]],
		[192, 2, [96, 96]],
		[200, 2, [50, 50, 50, 50]],
		[200, 4, [50, 50, 50, 50]],
		[100, 4, [34, 34, 32]]
	])('splits %i for %i', (count, workers, lengths) => {
		expect(lengthsOf(count, workers)).toEqual(lengths);
	});

	it('loses nothing, keeps the order and the largest share, and gives nobody much less', () => {
		fc.assert(
			fc.property(fc.nat({ max: 2_000 }), fc.integer({ min: 1, max: 8 }), (count, workers) => {
				const items = Array.from({ length: count }, (_, index) => index);
				const shares = sharesOf(items, workers, LIMITS);
				expect(shares.flat()).toEqual(items);
				for (const { length } of shares) expect(length).toBeLessThanOrEqual(LIMITS.max);
				const longest = shares[0]?.length ?? 0;
				if (shares.length > 1) expect(longest).toBeGreaterThanOrEqual(LIMITS.min);
				for (const { length } of shares.slice(0, -1)) expect(length).toBe(longest);
			})
		);
	});
});
