import { describe, expect, it, vi } from 'vitest';
import { describeRollKeys } from './rollKeys.contract';
import { rollKeysWorker, type RollKeysWorkerApi } from './rollKeysWorker';
import { ThreadlessWorker } from './testing/threadlessWorker';
import { workerRollKeys } from './workerRollKeys';

function setUp(api: RollKeysWorkerApi = rollKeysWorker()) {
	const workers: ThreadlessWorker[] = [];
	const rollKeys = workerRollKeys(() => {
		const worker = new ThreadlessWorker(api);
		workers.push(worker);
		return worker.asWorker();
	});
	return { rollKeys, workers };
}

/** A worker that never ends. */
const never = () => ({ make: vi.fn(() => new Promise<never>(() => undefined)) });

describeRollKeys('workerRollKeys', () => setUp().rollKeys);

describe('the worker of workerRollKeys', () => {
	it('ends with the roll, and the next has its own', async () => {
		const { rollKeys, workers } = setUp();
		await rollKeys.make('enrolment', ['A']);
		await rollKeys.make('enrolment', ['B']);
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, true]);
	});

	it('ends when it is aborted, whatever it is doing', async () => {
		const api = never();
		const { rollKeys, workers } = setUp(api);
		const controller = new AbortController();
		const attempt = expect(rollKeys.make('issued', ['A'], undefined, controller.signal)).rejects.toMatchObject({
			code: 'aborted'
		});
		await expect.poll(() => api.make).toHaveBeenCalled();
		controller.abort();
		await attempt;
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true]);
	});

	it('may die: worker-failed', async () => {
		const api = never();
		const { rollKeys, workers } = setUp(api);
		const attempt = expect(rollKeys.make('issued', ['A'])).rejects.toMatchObject({
			code: 'worker-failed',
			message: 'out of memory'
		});
		await expect.poll(() => api.make).toHaveBeenCalled();
		workers[0]?.die('out of memory');
		await attempt;
	});

	it('may be forbidden: worker-failed', async () => {
		const rollKeys = workerRollKeys(() => {
			throw new Error('forbidden by the policy');
		});
		await expect(rollKeys.make('issued', ['A'])).rejects.toMatchObject({ code: 'worker-failed' });
	});
});
