import type { Clock } from './port';
import { TimerHeap, type Timer } from './timerHeap';

/** More timers than this within one `advance` can only be a loop of timers that set each other without delay. */
const MAX_TIMERS_PER_ADVANCE = 1_000_000;

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
	#now: number;
	/** Those that were cancelled stay until their turn comes. */
	readonly #timers = new TimerHeap();
	#pending = 0;
	#set = 0;

	/** @param startMs milliseconds since the epoch */
	constructor(startMs = 0) {
		this.#now = startMs;
	}

	now(): number {
		return this.#now;
	}

	/** Comes due at a whole millisecond, because no clock of a browser shows parts of one. */
	after(delayMs: number, callback: () => void): () => void {
		const timer: Timer = { dueAt: this.#now + Math.max(0, Math.ceil(delayMs)), order: this.#set++, callback };
		this.#timers.add(timer);
		this.#pending += 1;
		return () => {
			if (!timer.callback) return;
			timer.callback = undefined;
			this.#pending -= 1;
		};
	}

	/** Timers that have neither run nor been cancelled. */
	get pending(): number {
		return this.#pending;
	}

	/** When the next timer is due, undefined if none is set: simulations jump to it. */
	get nextDueAt(): number | undefined {
		return this.#next()?.dueAt;
	}

	/**
	 * Moves time forward and runs every timer that comes due, in order, also those set by timers on the way. In a
	 * callback `now` is the time at which it was due. What a callback throws comes out here, with time standing there.
	 */
	advance(ms: number): void {
		const end = this.#now + ms;
		for (let run = 0; ; run++) {
			const next = this.#next();
			if (!next || next.dueAt > end) break;
			if (run === MAX_TIMERS_PER_ADVANCE) throw new RangeError('timers set each other without end');
			this.#run(next);
		}
		this.#now = end;
	}

	#next(): Timer | undefined {
		while (this.#timers.first && !this.#timers.first.callback) this.#timers.removeFirst();
		return this.#timers.first;
	}

	#run(timer: Timer): void {
		this.#timers.removeFirst();
		this.#pending -= 1;
		this.#now = timer.dueAt;
		const { callback } = timer;
		timer.callback = undefined;
		callback?.();
	}
}
