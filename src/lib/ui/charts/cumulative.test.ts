import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cumulativePoints, onePerColumn, sampled, stepCorners, wholeTicks } from './cumulative';

const times = fc.array(fc.integer({ min: 0, max: 50 }));

describe('cumulativePoints', () => {
	it('counts up in order of time, once a time', () => {
		expect(cumulativePoints([30, 10, 30, 20])).toEqual([
			{ time: 10, count: 1 },
			{ time: 20, count: 2 },
			{ time: 30, count: 4 }
		]);
		expect(cumulativePoints([])).toEqual([]);
	});

	it('says for every time how many were not later', () => {
		fc.assert(
			fc.property(times, (all) => {
				for (const { time, count } of cumulativePoints(all)) {
					expect(count).toBe(all.filter((other) => other <= time).length);
				}
				expect(cumulativePoints(all)).toHaveLength(new Set(all).size);
			})
		);
	});
});

describe('stepCorners', () => {
	it('rises upright at each point and is level between them', () => {
		const corners = stepCorners([{ time: 5, count: 2 }], 0, 9);
		expect(corners.map(({ time, count }) => [time, count])).toEqual([
			[0, 0],
			[5, 0],
			[5, 2],
			[9, 2]
		]);
	});

	it('never moves aside and up at once, and never falls', () => {
		fc.assert(
			fc.property(times, (all) => {
				const corners = stepCorners(cumulativePoints(all), 0, 50);
				for (const [index, corner] of corners.slice(1).entries()) {
					const before = corners[index]!;
					expect(corner.count).toBeGreaterThanOrEqual(before.count);
					expect(corner.count === before.count || corner.time === before.time).toBe(true);
				}
			})
		);
	});
});

describe('onePerColumn', () => {
	it('keeps every point where there is room for all', () => {
		const points = cumulativePoints([0, 10, 20, 30]);
		expect(onePerColumn(points, 10)).toEqual(points);
		expect(onePerColumn([], 10)).toEqual([]);
		expect(onePerColumn(cumulativePoints([7]), 10)).toEqual([{ time: 7, count: 1 }]);
	});

	it('is never more than the columns, and ends with the last', () => {
		const points = cumulativePoints(Array.from({ length: 10_000 }, (_, time) => time ** 2));
		const kept = onePerColumn(points, 100);
		expect(kept.length).toBeLessThanOrEqual(100);
		expect(kept.at(-1)).toEqual(points.at(-1));
	});

	it('counts at any time as many as there were a column earlier at least, and not more than there are', () => {
		const countAt = (points: readonly { time: number; count: number }[], time: number) =>
			points.findLast((point) => point.time <= time)?.count ?? 0;
		fc.assert(
			fc.property(times, fc.integer({ min: 2, max: 20 }), (all, columns) => {
				const points = cumulativePoints(all);
				const kept = onePerColumn(points, columns);
				const width = ((points.at(-1)?.time ?? 0) - (points[0]?.time ?? 0)) / (columns - 1);
				for (let time = 0; time <= 50; time++) {
					expect(countAt(kept, time)).toBeLessThanOrEqual(countAt(points, time));
					expect(countAt(kept, time)).toBeGreaterThanOrEqual(countAt(points, time - width));
				}
			})
		);
	});
});

describe('sampled', () => {
	it('keeps what fits, and both ends of what does not', () => {
		expect(sampled([1, 2, 3], 3)).toEqual([1, 2, 3]);
		const some = sampled(
			Array.from({ length: 1000 }, (_, index) => index),
			12
		);
		expect(some).toHaveLength(12);
		expect([some[0], some.at(-1)]).toEqual([0, 999]);
		expect(new Set(some).size).toBe(12);
	});
});

describe('wholeTicks', () => {
	it('takes round steps', () => {
		expect(wholeTicks(1)).toEqual([0, 1]);
		expect(wholeTicks(5)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(wholeTicks(7)).toEqual([0, 2, 4, 6, 8]);
		expect(wholeTicks(5000)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
	});

	it('reaches the highest count with few whole numbers', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 2_000_000 }), (most) => {
				const ticks = wholeTicks(most);
				expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
				expect(ticks.length).toBeLessThanOrEqual(7);
				expect(ticks.every(Number.isInteger)).toBe(true);
			})
		);
	});
});
