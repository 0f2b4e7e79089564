export interface Timer {
	readonly dueAt: number;
	/** Timers of one time run in the order in which they were set. */
	readonly order: number;
	/** Undefined once it has run or was cancelled. */
	callback: (() => void) | undefined;
}

/** Timers by due time: a binary heap, so that a simulation with a hundred thousand of them is not spent on sorting. */
export class TimerHeap {
	readonly #timers: Timer[] = [];

	get first(): Timer | undefined {
		return this.#timers[0];
	}

	add(timer: Timer): void {
		const timers = this.#timers;
		let at = timers.length;
		timers.push(timer);
		while (at > 0) {
			const above = (at - 1) >> 1;
			const parent = timers[above] as Timer;
			if (!isBefore(timer, parent)) break;
			timers[at] = parent;
			at = above;
		}
		timers[at] = timer;
	}

	removeFirst(): void {
		const timers = this.#timers;
		const last = timers.pop();
		if (last === undefined || timers.length === 0) return;
		let at = 0;
		for (;;) {
			let below = 2 * at + 1;
			if (below >= timers.length) break;
			if (below + 1 < timers.length && isBefore(timers[below + 1] as Timer, timers[below] as Timer)) below += 1;
			const child = timers[below] as Timer;
			if (!isBefore(child, last)) break;
			timers[at] = child;
			at = below;
		}
		timers[at] = last;
	}
}

function isBefore(a: Timer, b: Timer): boolean {
	return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.order < b.order);
}
