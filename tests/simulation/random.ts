/** Numbers in [0, 1) that follow from a seed alone (Mulberry32): the same seed gives the same run. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from 0 to `count` - 1. */
	below(count: number): number {
		return Math.floor(this.next() * count);
	}

	pick<T>(items: readonly T[]): T {
		if (items.length === 0) throw new RangeError('nothing to pick from');
		return items[this.below(items.length)] as T;
	}
}
