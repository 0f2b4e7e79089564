import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowEdges, rowsBetween } from './rowEdges';

describe('rowEdges', () => {
	it('lays rows on each other, with a guess for those not measured', () => {
		expect([...rowEdges(4, new Map([[1, 30]]), 10)]).toEqual([0, 10, 40, 50, 60]);
		expect([...rowEdges(0, new Map([[1, 30]]), 10)]).toEqual([0]);
	});

	it('leaves every row where it is when others come on top', () => {
		const heights = new Map([[2, 7]]);
		expect([...rowEdges(9, heights, 5)].slice(0, 5)).toEqual([...rowEdges(4, heights, 5)]);
	});
});

describe('rowsBetween', () => {
	const heights = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 50 });
	const distance = fc.integer({ min: -500, max: 6_000 });

	it('is every row of which a part lies between, and no other', () => {
		fc.assert(
			fc.property(heights, distance, fc.integer({ min: 1, max: 2_000 }), (all, low, span) => {
				const high = low + span;
				const edges = rowEdges(all.length, new Map(all.entries()), 1);
				const { first, end } = rowsBetween(edges, low, high);
				const within = all.flatMap((_, row) => (edges[row]! < high && edges[row + 1]! > low ? [row] : []));
				expect(Array.from({ length: end - first }, (_, index) => first + index)).toEqual(within);
			})
		);
	});

	it('is few rows of many', () => {
		const edges = rowEdges(10_000, new Map(), 40);
		expect(rowsBetween(edges, 200_010, 200_790)).toEqual({ first: 5_000, end: 5_020 });
	});

	it('is none of none', () => {
		expect(rowsBetween(rowEdges(0, new Map(), 40), 0, 800)).toEqual({ first: 0, end: 0 });
	});
});
