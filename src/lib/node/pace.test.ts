import { describe, expect, it } from 'vitest';
import { Pace } from './pace';

describe('Pace', () => {
	it('says how long the rest takes, once there is something to go by', () => {
		const pace = new Pace();
		pace.restart(0);
		expect(pace.msUntil(0, 0, 400)).toBeUndefined();
		expect(pace.msUntil(1_000, 10, 400)).toBeUndefined();
		expect(pace.msUntil(10_000, 0, 400)).toBeUndefined();
		expect(pace.msUntil(10_000, 100, 400)).toBe(30_000);
	});

	it('goes by the last while only', () => {
		const pace = new Pace();
		pace.restart(0);
		// A quick start, then a block a second.
		for (let second = 1; second <= 120; second++) pace.msUntil(second * 1_000, 1_000 + second, 2_000);
		expect(pace.msUntil(120_000, 1_120, 2_000)).toBe(880_000);
	});

	it('begins anew when less is done than before', () => {
		const pace = new Pace();
		pace.restart(0);
		pace.msUntil(20_000, 300, 400);
		expect(pace.msUntil(21_000, 5, 400)).toBeUndefined();
		expect(pace.msUntil(31_000, 15, 400)).toBe(385_000);
	});
});
