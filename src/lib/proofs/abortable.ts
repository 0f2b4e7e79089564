import { PollenError } from '../errors/pollenError';

/**
 * Starts work unless `signal` fired already, and rejects with `aborted` as soon as it fires, whether or not the work
 * can be stopped.
 */
export function abortable<T>(start: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return start();
	return new Promise<T>((resolve, reject) => {
		const onAbort = (): void => reject(new PollenError('aborted'));
		if (signal.aborted) {
			onAbort();
			return;
		}
		signal.addEventListener('abort', onAbort, { once: true });
		void start()
			.then(resolve, reject)
			.finally(() => signal.removeEventListener('abort', onAbort));
	});
}
