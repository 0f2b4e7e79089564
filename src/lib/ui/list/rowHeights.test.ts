import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowHeights } from './rowHeights';

const measured = (guess: number, ...heights: [row: number, height: number][]) => {
	const rows = new RowHeights(guess);
	rows.measure(heights);
	return rows;
};

describe('RowHeights', () => {
	it('guesses until rows are measured, then that the others are like those', () => {
		expect([...new RowHeights(10).edges(3)]).toEqual([0, 10, 20, 30]);
		expect([...measured(10, [1, 30], [2, 50]).edges(4)]).toEqual([0, 40, 70, 120, 160]);
		expect([...measured(10, [1, 30]).edges(0)]).toEqual([0]);
	});

	it('guesses anew whenever twice as much is known, and not between', () => {
		const rows = measured(10, [0, 40]);
		const guessAfter = (row: number, height: number) => {
			rows.measure([[row, height]]);
			const edges = rows.edges(100);
			return edges[100]! - edges[99]!;
		};
		expect([guessAfter(1, 60), guessAfter(2, 80), guessAfter(3, 20)]).toEqual([50, 50, 50]);
		expect([guessAfter(4, 100), guessAfter(4, 100), guessAfter(5, 100)]).toEqual([50, 50, 50]);
		expect([guessAfter(6, 100), guessAfter(7, 100)]).toEqual([50, 75]);
	});

	it('takes the newest height of a row, and none of another width', () => {
		const rows = measured(10, [0, 40]);
		rows.measure([[0, 60]]);
		expect([...rows.edges(1)]).toEqual([0, 60]);
		rows.clear();
		rows.measure([[1, 20]]);
		expect([...rows.edges(2)]).toEqual([0, 20, 40]);
	});

	it('leaves every row where it is when others come on top', () => {
		const heights = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 100 })));
		fc.assert(
			fc.property(heights, fc.nat(30), fc.nat(30), (all, count, more) => {
				const rows = measured(10, ...all);
				expect(rows.edges(count + more).slice(0, count + 1)).toEqual(rows.edges(count));
			})
		);
	});
});
