import { describe, expect, it } from 'vitest';
import { HashMeter } from './hashMeter';

function count(meter: HashMeter, hashes: number): void {
	for (let i = 0; i < hashes; i++) meter.count();
}

describe('HashMeter', () => {
	it('reports four times a second', () => {
		const meter = new HashMeter();
		meter.start(1_000);
		count(meter, 100);
		expect(meter.report(1_249)).toBeUndefined();
		expect(meter.report(1_250)).toEqual({ hashes: 100, hashRate: 400 });
		expect(meter.report(1_251)).toBeUndefined();
		expect(meter.report(1_500)).toMatchObject({ hashes: 100 });
	});

	it('adds up hashes over all jobs', () => {
		const meter = new HashMeter();
		for (const startMs of [0, 1_000]) {
			meter.start(startMs);
			count(meter, 50);
			meter.stop(startMs + 200);
		}
		expect(meter.report(1_200)).toEqual({ hashes: 100, hashRate: 250 });
	});

	it('does not count time at rest', () => {
		const meter = new HashMeter();
		meter.start(0);
		count(meter, 100);
		meter.stop(100);
		expect(meter.report(10_000)).toBeUndefined();
		meter.start(60_000);
		count(meter, 150);
		expect(meter.report(60_150)).toEqual({ hashes: 250, hashRate: 1_000 });
	});

	it('smooths the rate: after a second of another rate it has come 63 % of the way', () => {
		const meter = new HashMeter();
		meter.start(0);
		count(meter, 250);
		expect(meter.report(250)?.hashRate).toBe(1_000);
		for (const nowMs of [500, 750, 1_000]) {
			count(meter, 500);
			meter.report(nowMs);
		}
		count(meter, 500);
		expect(meter.report(1_250)?.hashRate).toBeCloseTo(2_000 - 1_000 * Math.exp(-1), 6);
	});
});
