import { PollenError, type ErrorCode } from '../../errors/pollenError';

/** The code of the PollenError that `action` throws; undefined when it throws nothing. Other errors pass through. */
export function thrownCode(action: () => unknown): ErrorCode | undefined {
	try {
		action();
		return undefined;
	} catch (error) {
		if (error instanceof PollenError) return error.code;
		throw error;
	}
}
