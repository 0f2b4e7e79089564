export interface TokenRate {
	/** So many at once. */
	readonly burst: number;
	/** One more after each of these times. */
	readonly everyMs: number;
}

/** Lets something happen in bursts, and seldom in the long run. */
export class TokenBucket {
	#tokens: number;
	#countedAt: number;

	/** `now` gives milliseconds that never go back. */
	constructor(
		private readonly rate: TokenRate,
		private readonly now: () => number
	) {
		this.#tokens = rate.burst;
		this.#countedAt = now();
	}

	/** Takes a token unless only so many are left as must be kept; returns whether it did. */
	take(keep = 0): boolean {
		this.#refill();
		if (this.#tokens < keep + 1) return false;
		this.#tokens -= 1;
		return true;
	}

	#refill(): void {
		const now = this.now();
		this.#tokens = Math.min(this.rate.burst, this.#tokens + (now - this.#countedAt) / this.rate.everyMs);
		this.#countedAt = now;
	}
}
