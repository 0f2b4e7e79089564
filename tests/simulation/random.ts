import { seededRandom } from '../../src/lib/network/memoryNetwork';

/** Chance that follows from a seed alone: the same seed gives the same run. */
export class Random {
	/** Uniform in [0, 1). */
	readonly next: () => number;

	constructor(seed: number) {
		this.next = seededRandom(seed);
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
