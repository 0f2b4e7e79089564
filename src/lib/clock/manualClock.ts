import type { Clock } from './port';

interface Timer {
	readonly dueAt: number;
	readonly callback: () => void;
}

/** More timers than this within one `advance` can only be a loop of timers that set each other without delay. */
const MAX_TIMERS_PER_ADVANCE = 1_000_000;

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
	#now: number;
	/** Ordered by due time, and by the order of their setting where that is equal. */
	#timers: Timer[] = [];

	/** @param startMs milliseconds since the epoch */
	constructor(startMs = 0) {
		this.#now = startMs;
	}

	now(): number {
		return this.#now;
	}

	after(delayMs: number, callback: () => void): () => void {
		const timer: Timer = { dueAt: this.#now + Math.max(0, delayMs), callback };
		const position = this.#timers.findLastIndex(({ dueAt }) => dueAt <= timer.dueAt) + 1;
		this.#timers.splice(position, 0, timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** Timers that have neither run nor been cancelled. */
	get pending(): number {
		return this.#timers.length;
	}

	/** When the next timer is due, undefined if none is set: simulations jump to it. */
	get nextDueAt(): number | undefined {
		return this.#timers[0]?.dueAt;
	}

	/**
	 * Moves time forward and runs every timer that comes due, in order, also those set by timers on the way. In a
	 * callback `now` is the time at which it was due. What a callback throws comes out here, with time standing there.
	 */
	advance(ms: number): void {
		const end = this.#now + ms;
		for (let run = 0; this.#timers[0] !== undefined && this.#timers[0].dueAt <= end; run++) {
			if (run === MAX_TIMERS_PER_ADVANCE) throw new RangeError('timers set each other without end');
			this.#runFirst();
		}
		this.#now = end;
	}

	#runFirst(): void {
		const timer = this.#timers.shift();
		if (timer === undefined) return;
		this.#now = timer.dueAt;
		timer.callback();
	}
}
