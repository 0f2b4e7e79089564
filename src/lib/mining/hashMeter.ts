import type { MiningProgress } from './port';

/** About four reports a second: often enough for a display that moves, seldom enough to cost nothing. */
export const PROGRESS_MS = 250;

/** Time constant of the exponential smoothing of the hash rate. */
const SMOOTHING_MS = 1_000;

/** Counts hashes over all jobs. Only time spent mining counts for the rate, so short jobs and rests do not distort it. */
export class HashMeter {
	#hashes = 0;
	#hashRate = 0;
	#sampleHashes = 0;
	#sampleMs = 0;
	#runningSince: number | undefined;

	/** Mining begins or goes on. */
	start(nowMs: number): void {
		this.#runningSince ??= nowMs;
	}

	/** Mining rests. */
	stop(nowMs: number): void {
		this.#advance(nowMs);
		this.#runningSince = undefined;
	}

	/** One more hash is done. */
	count(): void {
		this.#hashes++;
		this.#sampleHashes++;
	}

	/** A report if one is due, otherwise undefined. */
	report(nowMs: number): MiningProgress | undefined {
		this.#advance(nowMs);
		if (this.#sampleMs < PROGRESS_MS) return undefined;
		this.#closeSample();
		return { hashes: this.#hashes, hashRate: this.#hashRate };
	}

	#advance(nowMs: number): void {
		if (this.#runningSince === undefined) return;
		this.#sampleMs += nowMs - this.#runningSince;
		this.#runningSince = nowMs;
	}

	#closeSample(): void {
		const sampled = (this.#sampleHashes * 1_000) / this.#sampleMs;
		// A sample weighs by its length, because a busy device may deliver reports late.
		const weight = this.#hashRate === 0 ? 1 : 1 - Math.exp(-this.#sampleMs / SMOOTHING_MS);
		this.#hashRate += weight * (sampled - this.#hashRate);
		this.#sampleHashes = 0;
		this.#sampleMs = 0;
	}
}
