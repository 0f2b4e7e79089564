import type { Hash } from '../bytes/hash';
import { credentialKeyOf, enrolmentKeyOf } from '../election/codeKeys';
import { publicKeyOf } from '../election/signing';
import { PollenError } from '../errors/pollenError';
import { credentialOf } from './credential';
import type { RollKeys } from './port';

/** After so many, progress is told and an abort noticed. */
const CHUNK = 50;

/** Keys computed in the calling thread, a moment of work at a time: in Node, and behind the worker of the page. */
export function inlineRollKeys(): RollKeys {
	return { make: makeRollKeys };
}

/** What an election's roll says of the voter with this code. */
export function rollKeyOf(eligibility: 'issued' | 'enrolment', code: string): Hash {
	if (eligibility === 'issued') return credentialOf(credentialKeyOf(code)).commitment;
	return publicKeyOf(enrolmentKeyOf(code)) as Hash;
}

/**
 * Like `RollKeys.make`.
 * @param onProgress is waited for, so that across threads all it is told comes before the end
 */
export async function makeRollKeys(
	eligibility: 'issued' | 'enrolment',
	codes: readonly string[],
	onProgress?: (done: number) => void | Promise<void>,
	signal?: AbortSignal
): Promise<Hash[]> {
	const keys: Hash[] = [];
	while (keys.length < codes.length) {
		if (signal?.aborted) break;
		const chunk = codes.slice(keys.length, keys.length + CHUNK);
		keys.push(...derive(eligibility, chunk));
		await onProgress?.(keys.length);
		await nextTurn();
	}
	if (signal?.aborted) throw new PollenError('aborted');
	return keys;
}

function derive(eligibility: 'issued' | 'enrolment', codes: readonly string[]): Hash[] {
	try {
		return codes.map((code) => rollKeyOf(eligibility, code));
	} catch (cause) {
		throw new PollenError('worker-failed', 'the keys of the roll cannot be made', { cause });
	}
}

/** Lets other things happen, an abort among them. */
function nextTurn(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve));
}
