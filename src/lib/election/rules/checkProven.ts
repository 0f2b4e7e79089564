import type { TransactionId } from '../../bytes/hash';
import { PollenError } from '../../errors/pollenError';

/** The verdict of the proof verifier about a transaction. It needs a worker, so it is found before and passed in. */
export type IsProven = (id: TransactionId) => boolean;

/**
 * The verdict goes by transaction ID, which covers nullifier, choices and proof: a verdict can be about nothing else.
 * @throws PollenError bad-proof
 */
export function checkProven(id: TransactionId, isProven: IsProven): void {
	if (!isProven(id)) throw new PollenError('bad-proof', `the proof of ballot ${id} is not valid`);
}
