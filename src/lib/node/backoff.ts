import { RETRY_FIRST_MS, RETRY_LAST_MS } from './limits';

/** Delay before a retry: doubles with each attempt up to a ceiling, then jittered to between half and all of it. */
export function backoffMs(attempt: number, random: () => number): number {
	const ceilingMs = Math.min(RETRY_FIRST_MS * 2 ** attempt, RETRY_LAST_MS);
	return ceilingMs * (0.5 + random() / 2);
}
