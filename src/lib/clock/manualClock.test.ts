import { describe, expect, it } from 'vitest';
import { ManualClock } from './manualClock';

/** Sets a timer for each delay and returns the list to which each adds `delay@time` when it runs. */
function record(clock: ManualClock, delaysMs: readonly number[]): string[] {
	const ran: string[] = [];
	for (const delayMs of delaysMs) clock.after(delayMs, () => ran.push(`${delayMs}@${clock.now()}`));
	return ran;
}

describe('ManualClock', () => {
	it('stands still until it is moved', () => {
		const clock = new ManualClock(1_000);
		expect(clock.now()).toBe(1_000);
		clock.advance(250);
		expect(clock.now()).toBe(1_250);
	});

	it('runs due timers in order of time, each at its own time', () => {
		const clock = new ManualClock(100);
		const ran = record(clock, [30, 10, 20, 31]);
		clock.advance(30);
		expect(ran).toEqual(['10@110', '20@120', '30@130']);
		expect(clock.now()).toBe(130);
		expect(clock.pending).toBe(1);
		expect(clock.nextDueAt).toBe(131);
	});

	it('runs timers of one time in the order they were set', () => {
		const clock = new ManualClock();
		const ran: number[] = [];
		for (const id of [1, 2, 3]) clock.after(5, () => ran.push(id));
		clock.advance(5);
		expect(ran).toEqual([1, 2, 3]);
	});

	it('runs a timer once', () => {
		const clock = new ManualClock();
		const ran = record(clock, [10]);
		clock.advance(10);
		clock.advance(100);
		expect(ran).toEqual(['10@10']);
		expect(clock.nextDueAt).toBeUndefined();
	});

	it('does not run a timer inside `after`, even without delay', () => {
		const clock = new ManualClock();
		const ran = record(clock, [0, -5]);
		expect(ran).toEqual([]);
		clock.advance(0);
		expect(ran).toEqual(['0@0', '-5@0']);
	});

	it('runs timers that are set on the way if they come due too', () => {
		const clock = new ManualClock();
		const times: number[] = [];
		const tick = (): void => {
			times.push(clock.now());
			clock.after(10, tick);
		};
		clock.after(10, tick);
		clock.advance(35);
		expect(times).toEqual([10, 20, 30]);
		expect(clock.now()).toBe(35);
	});

	it('does not run what was cancelled, not even from a callback of the same time', () => {
		const clock = new ManualClock();
		const ran: string[] = [];
		const cancelFirst = clock.after(5, () => ran.push('first'));
		clock.after(6, () => cancelSecond());
		const cancelSecond = clock.after(6, () => ran.push('second'));
		cancelFirst();
		clock.advance(10);
		expect(ran).toEqual([]);
		expect(clock.pending).toBe(0);
	});

	it('lets errors of callbacks out and keeps the timers behind them', () => {
		const clock = new ManualClock();
		clock.after(5, () => {
			throw new Error('boom');
		});
		const ran = record(clock, [7]);
		expect(() => clock.advance(10)).toThrow('boom');
		expect(clock.now()).toBe(5);
		clock.advance(5);
		expect(ran).toEqual(['7@7']);
	});

	it('refuses timers that set each other without end', () => {
		const clock = new ManualClock();
		const again = (): void => void clock.after(0, again);
		again();
		expect(() => clock.advance(1)).toThrow(RangeError);
	});
});
