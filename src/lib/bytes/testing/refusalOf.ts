import { PollenError, type ErrorCode } from '../../errors/pollenError';

/** For tests: the code with which an action is refused, or undefined when it is not. Other errors pass through. */
export function refusalOf(action: () => unknown): ErrorCode | undefined {
	try {
		action();
		return undefined;
	} catch (error) {
		if (error instanceof PollenError) return error.code;
		throw error;
	}
}
