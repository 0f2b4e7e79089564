import { describe, expect, it } from 'vitest';
import { inBatches } from './inBatches';

const items = Array.from({ length: 500 }, (_, index) => index);

describe('inBatches', () => {
	it.each([0, 1, 192, 193, 500])('asks about %i items and takes every answer, in order', async (count) => {
		const taken: (readonly [number, number | undefined])[] = [];
		await inBatches(
			items.slice(0, count),
			async (batch) => batch.map((item) => 2 * item),
			async (item, answer) => void taken.push([item, answer])
		);
		expect(taken).toEqual(items.slice(0, count).map((item) => [item, 2 * item]));
	});

	it('asks about one batch ahead, before there is an answer to the one before, and no more', async () => {
		const events: string[] = [];
		const answer: (() => void)[] = [];
		const done = inBatches(
			items,
			(batch) => {
				events.push(`ask ${batch[0]}`);
				return new Promise<readonly number[]>((resolve) => answer.push(() => resolve(batch)));
			},
			async (item) => void (item % 100 === 0 && events.push(`take ${item}`))
		);
		const turn = () => new Promise((resolve) => setTimeout(resolve));
		await turn();
		expect(events).toEqual(['ask 0', 'ask 192']);
		answer[1]?.();
		await turn();
		expect(events).toHaveLength(2);
		answer[0]?.();
		await turn();
		expect(events.splice(0)).toEqual(['ask 0', 'ask 192', 'take 0', 'take 100', 'ask 384', 'take 200', 'take 300']);
		answer[2]?.();
		await done;
		expect(events).toEqual(['take 400']);
	});

	it('takes items without an answer too', async () => {
		const taken: unknown[] = [];
		await inBatches(
			items.slice(0, 3),
			async () => ['yes'],
			async (_, answer) => void taken.push(answer)
		);
		expect(taken).toEqual(['yes', undefined, undefined]);
	});

	it('ends with the first failure, of asking or taking', async () => {
		const asking = inBatches(
			items,
			(batch) => Promise.reject(new Error(`no answer to ${batch[0]}`)),
			async () => undefined
		);
		await expect(asking).rejects.toThrow('no answer to 0');
		const taken: number[] = [];
		const taking = inBatches(
			items,
			(batch) => (batch[0] === 0 ? Promise.resolve(batch) : Promise.reject(new Error('too late'))),
			async (item) => {
				taken.push(item);
				if (item === 5) throw new Error('enough');
			}
		);
		await expect(taking).rejects.toThrow('enough');
		expect(taken).toHaveLength(6);
	});
});
