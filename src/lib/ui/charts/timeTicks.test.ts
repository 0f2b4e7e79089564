import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisTimeStyle, timeTicks } from './timeTicks';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 23, 12);

describe('timeTicks', () => {
	it('takes round times of the clock on the wall', () => {
		expect(timeTicks(NOON - 90_000, NOON + 90_000, 6, 0)).toEqual(
			[-90, -60, -30, 0, 30, 60, 90].map((seconds) => NOON + seconds * 1_000)
		);
		// Half an hour beside UTC, as in Adelaide, full hours are elsewhere.
		expect(timeTicks(NOON, NOON + 3 * HOUR, 3, 9.5 * HOUR)).toEqual(
			[0.5, 1.5, 2.5].map((hours) => NOON + hours * HOUR)
		);
		expect(timeTicks(NOON, NOON + 72 * HOUR, 3, 0)).toEqual([12, 36, 60].map((hours) => NOON + hours * HOUR));
	});

	it('is between the ends, even, and has one at least where there is room for three', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 2e12 }),
				fc.integer({ min: 2_000, max: 1e11 }),
				fc.integer({ min: 3, max: 12 }),
				fc.integer({ min: -14 * 60, max: 14 * 60 }),
				(start, span, most, offsetMinutes) => {
					const ticks = timeTicks(start, start + span, most, offsetMinutes * 60_000);
					expect(ticks.length).toBeGreaterThanOrEqual(1);
					expect(ticks.length).toBeLessThanOrEqual(most + 1);
					expect(ticks[0]).toBeGreaterThanOrEqual(start);
					expect(ticks.at(-1)).toBeLessThanOrEqual(start + span);
					const steps = ticks.slice(1).map((tick, index) => tick - ticks[index]!);
					expect(new Set(steps).size).toBeLessThanOrEqual(1);
				}
			)
		);
	});
});

describe('axisTimeStyle', () => {
	it('names days over days, hours over hours and seconds over minutes', () => {
		expect(axisTimeStyle(5 * 86_400_000)).toHaveProperty('day');
		expect(axisTimeStyle(3_600_000)).not.toHaveProperty('second');
		expect(axisTimeStyle(60_000)).toHaveProperty('second');
	});
});
