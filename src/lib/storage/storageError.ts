import { PollenError } from '../errors/pollenError';

/**
 * The refusal that a failure of the storage below stands for. A full disk is told apart because the visitor can do
 * something about it; everything else is `storage-failed` with the original error as `cause`.
 */
export function storageError(error: unknown): PollenError {
	if (error instanceof PollenError) return error;
	// Only the name is compared: a QuotaExceededError was a DOMException for years and is a class of its own in newer
	// browsers.
	if (error instanceof Error && error.name === 'QuotaExceededError') {
		return new PollenError('storage-full', 'This device has no room left for the chain.', { cause: error });
	}
	const reason = error instanceof Error ? error.message || error.name : String(error);
	return new PollenError('storage-failed', `Storage failed: ${reason}`, { cause: error });
}

/** What every call answers after `close`. */
export function closedError(): PollenError {
	return new PollenError('storage-failed', 'This store is closed.');
}
