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

/** A pool, and the calls that its workers were given, by name, in the order in which they began. */
function setUp(size = 2) {
	const workers: ThreadlessWorker[] = [];
	const begun: { readonly name: string; finish(): void }[] = [];
	const busy = new Set<number>();
	const start = () => {
		const index = workers.length;
		const api: Api = {
			open: () => settle(() => undefined),
			async work(name) {
				expect(busy).not.toContain(index);
				busy.add(index);
				await new Promise<void>((finish) => begun.push({ name, finish }));
				busy.delete(index);
				return { ok: true, value: `${name} by ${index}` };
			}
		};
		const worker = new ThreadlessWorker(api);
		workers.push(worker);
		return worker.asWorker();
	};
	const slots = Array.from({ length: size }, () => new WorkerSlot<Api>(start, (remote) => remote.open()));
	const pool = new WorkerPool(slots);
	const work = (name: string, signal?: AbortSignal) => pool.call((remote) => remote.work(name), signal);
	const names = () => begun.map(({ name }) => name);
	const hasBegun = (name: string) => expect.poll(names).toContain(name);
	const finish = async (name: string) => {
		await hasBegun(name);
		begun.find((call) => call.name === name)?.finish();
	};
	return { pool, workers, work, hasBegun, finish, names };
}

describe('WorkerPool', () => {
	it('starts no worker before there is a call, and no second one while the first is free', async () => {
		const { work, workers, finish } = setUp();
		expect(workers).toHaveLength(0);
		for (const name of ['a', 'b', 'c']) {
			const call = work(name);
			await finish(name);
			expect(await call).toBe(`${name} by 0`);
		}
		expect(workers).toHaveLength(1);
	});

	it('gives each worker one call at a time, and the next in line to whoever is free', async () => {
		const { work, workers, hasBegun, finish, names } = setUp();
		const calls = ['a', 'b', 'c', 'd'].map((name) => work(name));
		await hasBegun('a');
		await hasBegun('b');
		expect(workers).toHaveLength(2);
		expect(names()).toEqual(['a', 'b']);
		await finish('b');
		await hasBegun('c');
		expect(names()).toEqual(['a', 'b', 'c']);
		await finish('c');
		await hasBegun('d');
		await finish('a');
		await finish('d');
		expect(await Promise.all(calls)).toEqual(['a by 0', 'b by 1', 'c by 1', 'd by 1']);
		expect(workers).toHaveLength(2);
	});

	it('drops what waits when its signal fires, and nothing else', async () => {
		const { work, hasBegun, finish, names } = setUp(1);
		const controller = new AbortController();
		const underWay = work('under way', controller.signal);
		const dropped = expect(work('dropped', controller.signal)).rejects.toMatchObject({ code: 'aborted' });
		const other = work('other');
		await hasBegun('under way');
		controller.abort();
		await finish('under way');
		expect(await underWay).toBe('under way by 0');
		await dropped;
		await finish('other');
		expect(await other).toBe('other by 0');
		expect(names()).toEqual(['under way', 'other']);
		await expect(work('too late', controller.signal)).rejects.toMatchObject({ code: 'aborted' });
		expect(names()).toEqual(['under way', 'other']);
	});

	it('fails the call of a worker that dies, and goes on with another', async () => {
		const { work, workers, hasBegun, finish } = setUp(1);
		const failed = expect(work('a')).rejects.toMatchObject({ code: 'worker-failed', message: 'out of memory' });
		const next = work('b');
		await hasBegun('a');
		workers[0]?.die('out of memory');
		await failed;
		await finish('b');
		expect(await next).toBe('b by 1');
	});

	it('when closed, rejects all, those that wait too, and starts no more', async () => {
		const { pool, work, workers, hasBegun } = setUp(1);
		const calls = [work('a'), work('b')].map((call) => expect(call).rejects.toMatchObject({ code: 'aborted' }));
		await hasBegun('a');
		pool.close(new PollenError('aborted'));
		await Promise.all(calls);
		await expect(work('c')).rejects.toMatchObject({ code: 'aborted' });
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true]);
	});
});
