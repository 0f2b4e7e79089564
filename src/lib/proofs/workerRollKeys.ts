import { proxy } from 'comlink';
import { PollenError } from '../errors/pollenError';
import { abortable } from './abortable';
import { settle } from './outcome';
import type { RollKeys } from './port';
import type { RollKeysWorkerApi } from './rollKeysWorker';
import { WorkerSlot } from './workerSlot';

/**
 * Keys computed in a module worker, one for each roll, which ends with it. It is not the one that proves or verifies:
 * an organiser has no node while the roll is made.
 * @param start makes the worker
 */
export function workerRollKeys(start: () => Worker = startWorker): RollKeys {
	return {
		async make(eligibility, codes, onProgress, signal) {
			const slot = new WorkerSlot<RollKeysWorkerApi>(start, () => settle(() => undefined));
			const tell = proxy(async (done: number): Promise<void> => {
				// What was on its way when the signal fired arrives all the same.
				if (!signal?.aborted) onProgress?.(done);
			});
			try {
				return await abortable(() => slot.call((remote) => remote.make(eligibility, codes, tell)), signal);
			} finally {
				slot.stop(new PollenError('aborted'));
			}
		}
	};
}

function startWorker(): Worker {
	return new Worker(new URL('./rollKeys.worker.ts', import.meta.url), { type: 'module', name: 'roll-keys' });
}
