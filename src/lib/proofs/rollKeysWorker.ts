import type { Hash } from '../bytes/hash';
import { settle, type Outcome } from './outcome';
import { makeRollKeys } from './rollKeys';

/** What a roll keys worker does for the page. */
export interface RollKeysWorkerApi {
	make(
		eligibility: 'issued' | 'enrolment',
		codes: readonly string[],
		onProgress: (done: number) => Promise<void>
	): Promise<Outcome<Hash[]>>;
}

/** The inside of a roll keys worker. */
export function rollKeysWorker(): RollKeysWorkerApi {
	return {
		make: (eligibility, codes, onProgress) => settle(() => makeRollKeys(eligibility, codes, onProgress))
	};
}
