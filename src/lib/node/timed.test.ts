import { expect, it } from 'vitest';
import { timed } from './timed';

/** What observers hear while `task` runs. */
async function heardOf(task: () => Promise<unknown>): Promise<string[]> {
	const heard: string[] = [];
	const observer = new PerformanceObserver((list) =>
		heard.push(...list.getEntries().map((entry) => `${entry.name} ${(entry as PerformanceMeasure).detail}`))
	);
	observer.observe({ type: 'measure' });
	await task();
	await new Promise((resolve) => setTimeout(resolve, 20));
	observer.disconnect();
	return heard;
}

it('tells observers of a task that is done or failed, gives what it gave, and keeps nothing', async () => {
	const heard = await heardOf(async () => {
		expect(await timed('pollen test', 3, () => Promise.resolve(7))).toBe(7);
		await expect(timed('pollen failure', 0, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
	});
	expect(heard).toEqual(['pollen test 3', 'pollen failure 0']);
	expect(performance.getEntriesByType('measure')).toEqual([]);
});
