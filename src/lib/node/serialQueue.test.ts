import { expect, it } from 'vitest';
import { SerialQueue } from './serialQueue';

it('runs one task after the other, in order, and goes on after one that failed', async () => {
	const queue = new SerialQueue();
	const log: string[] = [];
	const task =
		(name: string, turns: number, fails = false) =>
		async () => {
			log.push(`${name} begins`);
			for (let turn = 0; turn < turns; turn++) await Promise.resolve();
			log.push(`${name} ends`);
			if (fails) throw new Error(name);
			return name;
		};
	const results = await Promise.allSettled([
		queue.run(task('slow', 9)),
		queue.run(task('failing', 3, true)),
		queue.run(task('quick', 0))
	]);
	expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	expect(results[2]).toMatchObject({ value: 'quick' });
	expect(log).toEqual(['slow', 'failing', 'quick'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

it('is idle when everything queued so far is done, failures included', async () => {
	const queue = new SerialQueue();
	let done = false;
	const failing = queue.run(async () => {
		await Promise.resolve();
		done = true;
		throw new Error('no');
	});
	await queue.idle();
	expect(done).toBe(true);
	await expect(failing).rejects.toThrow('no');
});
