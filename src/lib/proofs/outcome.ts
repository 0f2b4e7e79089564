import { PollenError, errorCode, type ErrorCode } from '../errors/pollenError';

/** What a call to another thread came to. Errors lose their class and code when they are cloned, so they are spelt out. */
export type Outcome<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** Runs work to an outcome. Errors that are not ours mean that something broke: `worker-failed`. Never rejects. */
export async function settle<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
	try {
		return { ok: true, value: await work() };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		return { ok: false, code: errorCode(error, 'worker-failed'), message };
	}
}

/**
 * The value of an outcome.
 * @throws PollenError with the code it has
 */
export function unwrap<T>(outcome: Outcome<T>): T {
	if (!outcome.ok) throw new PollenError(outcome.code, outcome.message);
	return outcome.value;
}
