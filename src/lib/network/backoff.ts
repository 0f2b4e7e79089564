export interface BackoffRange {
	readonly first: number;
	readonly longest: number;
}

/**
 * Waiting times that double from `first` to `longest` milliseconds. Each is cut by up to half at random, so that nodes
 * which lost the same server do not come back to it all at once.
 */
export class Backoff {
	readonly #range: BackoffRange;
	readonly #random: () => number;
	#failures = 0;

	/** `random` gives numbers from 0 (inclusive) to 1 (exclusive). */
	constructor(range: BackoffRange, random: () => number = Math.random) {
		this.#range = range;
		this.#random = random;
	}

	/** The next waiting time in milliseconds. */
	nextMs(): number {
		const full = Math.min(this.#range.longest, this.#range.first * 2 ** this.#failures);
		if (full < this.#range.longest) this.#failures++;
		return Math.round(full * (1 - this.#random() / 2));
	}

	/** Call after a success: the next failure waits `first` again. */
	reset(): void {
		this.#failures = 0;
	}
}
