import { describe, expect, it } from 'vitest';
import { PollenError } from '../errors/pollenError';
import { settle, type Outcome } from './outcome';
import { ThreadlessWorker } from './testing/threadlessWorker';
import { WorkerPool } from './workerPool';
import { WorkerSlot } from './workerSlot';

interface Api {
	open(): Promise<Outcome<void>>;
	/** Ends when the test says so. */
	work(name: string): Promise<Outcome<string>>;
}

/** A pool, and the calls that its workers have now, by name, in the order in which they began. */
function setUp(size = 2) {
	const workers: ThreadlessWorker[] = [];
	const begun: { readonly name: string; readonly worker: number; finish(): void }[] = [];
	const start = () => {
		const index = workers.length;
		const api: Api = {
			open: () => settle(() => undefined),
			work: (name) =>
				new Promise((resolve) => {
					begun.push({ name, worker: index, finish: () => resolve({ ok: true, value: `${name} by ${index}` }) });
				})
		};
		const worker = new ThreadlessWorker(api);
		workers.push(worker);
		return worker.asWorker();
	};
	const slots = Array.from({ length: size }, () => new WorkerSlot<Api>(start, (remote) => remote.open()));
	const pool = new WorkerPool(slots);
	const work = (name: string, signal?: AbortSignal) => pool.call((remote) => remote.work(name), signal);
	const finish = async (name: string) => {
		begun.find((call) => call.name === name)?.finish();
		await delivery();
	};
	return { pool, workers, work, finish, names: () => begun.map(({ name }) => name) };
}

/** Lets calls reach the workers, and their results come back. */
const delivery = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('WorkerPool', () => {
	it('starts no worker before there is a call, and no second one while the first is free', async () => {
		const { work, workers, finish } = setUp();
		expect(workers).toHaveLength(0);
		for (const name of ['a', 'b', 'c']) {
			const call = work(name);
			await delivery();
			await finish(name);
			expect(await call).toBe(`${name} by 0`);
		}
		expect(workers).toHaveLength(1);
	});

	it('gives each worker one call at a time, and the next in line to whoever is free', async () => {
		const { work, workers, finish, names } = setUp();
		const calls = ['a', 'b', 'c', 'd'].map((name) => work(name));
		await delivery();
		expect(workers).toHaveLength(2);
		expect(names()).toEqual(['a', 'b']);
		await finish('b');
		expect(names()).toEqual(['a', 'b', 'c']);
		await finish('c');
		await finish('a');
		await finish('d');
		expect(await Promise.all(calls)).toEqual(['a by 0', 'b by 1', 'c by 1', 'd by 1']);
		expect(workers).toHaveLength(2);
	});

	it('drops what waits when its signal fires, and nothing else', async () => {
		const { work, finish, names } = setUp(1);
		const controller = new AbortController();
		const underWay = work('under way', controller.signal);
		const dropped = expect(work('dropped', controller.signal)).rejects.toMatchObject({ code: 'aborted' });
		const other = work('other');
		await delivery();
		controller.abort();
		await finish('under way');
		expect(await underWay).toBe('under way by 0');
		await dropped;
		expect(names()).toEqual(['under way', 'other']);
		await finish('other');
		expect(await other).toBe('other by 0');
		await expect(work('too late', controller.signal)).rejects.toMatchObject({ code: 'aborted' });
		expect(names()).toEqual(['under way', 'other']);
	});

	it('fails the call of a worker that dies, and goes on with another', async () => {
		const { work, workers, finish } = setUp(1);
		const failed = expect(work('a')).rejects.toMatchObject({ code: 'worker-failed', message: 'out of memory' });
		const next = work('b');
		await delivery();
		workers[0]?.die('out of memory');
		await failed;
		await delivery();
		await finish('b');
		expect(await next).toBe('b by 1');
	});

	it('when closed, rejects all, those that wait too, and starts no more', async () => {
		const { pool, work, workers } = setUp(1);
		const calls = [work('a'), work('b')].map((call) => expect(call).rejects.toMatchObject({ code: 'aborted' }));
		await delivery();
		pool.close(new PollenError('aborted'));
		await Promise.all(calls);
		await expect(work('c')).rejects.toMatchObject({ code: 'aborted' });
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true]);
	});
});
