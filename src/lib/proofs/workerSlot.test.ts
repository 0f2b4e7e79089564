import { describe, expect, it, vi } from 'vitest';
import { PollenError } from '../errors/pollenError';
import { settle, type Outcome } from './outcome';
import { ThreadlessWorker } from './testing/threadlessWorker';
import { WorkerSlot } from './workerSlot';

interface Api {
	open(): Promise<Outcome<void>>;
	double(value: number): Promise<Outcome<number>>;
	hang(): Promise<Outcome<void>>;
}

function setUp(overrides: Partial<Api> = {}) {
	const workers: ThreadlessWorker[] = [];
	const api: Api = {
		open: () => settle(() => undefined),
		double: (value) => settle(() => 2 * value),
		hang: vi.fn(() => new Promise<never>(() => undefined)),
		...overrides
	};
	const slot = new WorkerSlot<Api>(
		() => {
			const worker = new ThreadlessWorker(api);
			workers.push(worker);
			return worker.asWorker();
		},
		(remote) => remote.open()
	);
	return { slot, workers, api };
}

describe('WorkerSlot', () => {
	it('starts a worker with the first call, opens it once, and keeps it', async () => {
		const open = vi.fn<Api['open']>(() => settle(() => undefined));
		const { slot, workers } = setUp({ open });
		expect(workers).toHaveLength(0);
		const results = await Promise.all([1, 2].map((value) => slot.call((remote) => remote.double(value))));
		expect(results).toEqual([2, 4]);
		expect(await slot.call((remote) => remote.double(3))).toBe(6);
		expect(workers).toHaveLength(1);
		expect(open).toHaveBeenCalledTimes(1);
	});

	it('carries the code and message of errors, and calls those that are not ours worker-failed', async () => {
		const thrown: unknown[] = [new PollenError('wrong-code', 'nobody'), new TypeError('a slip')];
		const { slot, workers } = setUp({
			double: () =>
				settle(() => {
					throw thrown.shift();
				})
		});
		const call = () => slot.call((remote) => remote.double(1));
		const [first, second] = [
			await call().catch((error: unknown) => error),
			await call().catch((error: unknown) => error)
		];
		expect(first).toBeInstanceOf(PollenError);
		expect(first).toMatchObject({ code: 'wrong-code', message: 'nobody' });
		expect(second).toMatchObject({ code: 'worker-failed', message: 'a slip' });
		expect(workers).toHaveLength(1);
	});

	it('fails the calls of a worker that dies, and starts another with the next', async () => {
		const { slot, workers, api } = setUp();
		const pending = slot.call((remote) => remote.hang());
		const outcome = expect(pending).rejects.toMatchObject({ code: 'worker-failed', message: 'out of memory' });
		await expect.poll(() => api.hang).toHaveBeenCalled();
		workers[0]?.die('out of memory');
		await outcome;
		expect(await slot.call((remote) => remote.double(5))).toBe(10);
		expect(workers).toHaveLength(2);
	});

	it('notices a worker that dies between calls', async () => {
		const { slot, workers } = setUp();
		await slot.call((remote) => remote.double(1));
		workers[0]?.die('');
		expect(await slot.call((remote) => remote.double(5))).toBe(10);
		expect(workers).toHaveLength(2);
	});

	it('stops a worker with the error given', async () => {
		const { slot, workers, api } = setUp();
		const outcome = expect(slot.call((remote) => remote.hang())).rejects.toMatchObject({ code: 'aborted' });
		await expect.poll(() => api.hang).toHaveBeenCalled();
		slot.stop(new PollenError('aborted'));
		await outcome;
		expect(workers[0]?.isTerminated).toBe(true);
		slot.stop(new PollenError('aborted'));
		expect(workers).toHaveLength(1);
	});

	it('tries again after a worker that could not be opened', async () => {
		const outcomes: Outcome<void>[] = [
			{ ok: false, code: 'bad-definition', message: 'no such depth' },
			{ ok: true, value: undefined }
		];
		const { slot, workers } = setUp({ open: async () => outcomes.shift() as Outcome<void> });
		await expect(slot.call((remote) => remote.double(1))).rejects.toMatchObject({ code: 'bad-definition' });
		await expect.poll(() => workers[0]?.isTerminated).toBe(true);
		expect(await slot.call((remote) => remote.double(1))).toBe(2);
		expect(workers).toHaveLength(2);
	});

	it('says worker-failed when there can be no worker', async () => {
		const slot = new WorkerSlot<Api>(
			() => {
				throw new Error('forbidden by the policy');
			},
			(remote) => remote.open()
		);
		await expect(slot.call((remote) => remote.double(1))).rejects.toMatchObject({ code: 'worker-failed' });
	});
});
