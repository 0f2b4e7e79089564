import type { Clock } from './port';

export const systemClock: Clock = {
	now: () => Date.now(),
	after(delayMs, callback) {
		const handle = setTimeout(callback, delayMs);
		return () => clearTimeout(handle);
	}
};
