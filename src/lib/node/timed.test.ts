import { expect, it } from 'vitest';
import { heardTimes } from '../../../tests/support/heardTimes';
import { timed } from './timed';

it('tells observers of a task that is done or failed, gives what it gave, and keeps nothing', async () => {
	const heard = await heardTimes(async () => {
		expect(await timed('pollen test', 3, () => Promise.resolve(7))).toBe(7);
		await expect(timed('pollen failure', 0, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
	});
	expect(heard).toEqual(['pollen test 3', 'pollen failure 0']);
	expect(performance.getEntriesByType('measure')).toEqual([]);
});
