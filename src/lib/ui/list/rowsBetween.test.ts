import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsBetween } from './rowsBetween';

function edgesOf(heights: readonly number[]): Float64Array {
	const edges = new Float64Array(heights.length + 1);
	for (const [row, height] of heights.entries()) edges[row + 1] = edges[row]! + height;
	return edges;
}

describe('rowsBetween', () => {
	const heights = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 50 });

	it('is every row of which a part lies between, and no other', () => {
		fc.assert(
			fc.property(
				heights,
				fc.integer({ min: -500, max: 6_000 }),
				fc.integer({ min: 1, max: 2_000 }),
				(all, low, span) => {
					const edges = edgesOf(all);
					const { first, end } = rowsBetween(edges, low, low + span);
					const within = all.flatMap((_, row) => (edges[row]! < low + span && edges[row + 1]! > low ? [row] : []));
					expect(Array.from({ length: end - first }, (_, index) => first + index)).toEqual(within);
				}
			)
		);
	});

	it('is few rows of many', () => {
		const edges = edgesOf(Array.from({ length: 10_000 }, () => 40));
		expect(rowsBetween(edges, 200_010, 200_790)).toEqual({ first: 5_000, end: 5_020 });
	});

	it('is none of none', () => {
		expect(rowsBetween(edgesOf([]), 0, 800)).toEqual({ first: 0, end: 0 });
	});
});
