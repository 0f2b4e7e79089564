import { describe, expect, it } from 'vitest';
import { staleWork } from './staleWork';

/** A worker that begins on each job 10 ms after it was posted, and does one hash a millisecond. */
const JOBS = [
	{ template: 'a', height: 1, builtMs: -5, atMs: 0 },
	{ template: 'b', height: 1, builtMs: 125, atMs: 130 },
	{ template: 'c', height: 2, builtMs: 275, atMs: 280 }
];

const WORK = Array.from({ length: 400 }, (_, ms) => {
	const { template, height } = JOBS.findLast(({ atMs }) => atMs + 10 <= ms) ?? { template: 'older', height: 1 };
	return { template, height, atMs: ms, hashes: 1 };
});

describe('stale work', () => {
	it('without the newest transactions lasts from their coming until the worker has them', () => {
		const found = staleWork({ jobs: JOBS, work: WORK }, { admittedMs: [100, 120, 130.5], blocks: [] });
		// The first two are in the job that was posted at 130, the last only in the one posted at 280.
		expect(found.transactionDelays).toEqual([40, 20, 159.5]);
		expect(found.withoutNewest).toBe((290 - 100) / 400);
		expect(found.onOldTip).toBe(0);
	});

	it('on an old tip lasts from the coming of the block until the worker stands on it', () => {
		const found = staleWork({ jobs: JOBS, work: WORK }, { admittedMs: [], blocks: [{ height: 1, atMs: 250 }] });
		// From the building of the template on it; the work is lost from when the block was there.
		expect(found.tipDelays).toEqual([15]);
		expect(found.onOldTip).toBe((290 - 250) / 400);
		expect(found.withoutNewest).toBe(0);
	});

	it('is never found to have ended when it has not', () => {
		const blocks = [{ height: 2, atMs: 300 }];
		expect(() => staleWork({ jobs: JOBS, work: WORK }, { admittedMs: [], blocks })).toThrow('never began');
	});
});
