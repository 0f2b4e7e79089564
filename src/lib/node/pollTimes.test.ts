import { expect, it } from 'vitest';
import { ManualClock } from '../clock/manualClock';
import { PollTimes } from './pollTimes';

const HOUR_MS = 3_600_000;

function setUp(opensInMs: number | undefined, closesInMs: number | undefined) {
	const clock = new ManualClock(1_000_000);
	const instant = (inMs: number | undefined) =>
		inMs === undefined ? null : new Date(clock.now() + inMs).toISOString();
	const told: number[] = [];
	const start = clock.now();
	const times = new PollTimes({ opensAt: instant(opensInMs), closesAt: instant(closesInMs) }, clock, () =>
		told.push(clock.now() - start)
	);
	times.start();
	return { clock, told, times };
}

it('tells of each time once, however far away it is', () => {
	const { clock, told } = setUp(1_500, 50 * 24 * HOUR_MS);
	clock.advance(1_499);
	expect(told).toEqual([]);
	clock.advance(1);
	expect(told).toEqual([1_500]);
	for (let hour = 0; hour < 60 * 24; hour++) clock.advance(HOUR_MS);
	expect(told).toHaveLength(2);
	expect(told[1]).toBeGreaterThanOrEqual(50 * 24 * HOUR_MS);
});

it('tells nothing of what is past, of what there is not, and after it was stopped', () => {
	const past = setUp(-1, undefined);
	const stopped = setUp(10, 20);
	stopped.times.stop();
	for (const { clock } of [past, stopped]) clock.advance(HOUR_MS);
	expect([past.told, stopped.told]).toEqual([[], []]);
});
