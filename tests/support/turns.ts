import type { ManualClock } from '../../src/lib/clock/manualClock';
import type { Clock } from '../../src/lib/clock/port';

/** More turns than this without rest can only be something that goes on for ever. */
const MAX_TURNS = 200_000;

/**
 * A clock for what stands around the nodes (network, miners): what comes due on the manual clock runs in a turn of the
 * event loop of its own, as it does in a browser, so that a promise settled by one is heard before the next.
 */
export class Turns implements Clock {
	#waiting = 0;

	constructor(private readonly clock: ManualClock) {}

	now(): number {
		return this.clock.now();
	}

	after(delayMs: number, callback: () => void): () => void {
		let isCancelled = false;
		const queue = (): void => {
			this.#waiting += 1;
			setImmediate(() => {
				this.#waiting -= 1;
				if (!isCancelled) callback();
			});
		};
		const cancelTimer = delayMs > 0 ? this.clock.after(delayMs, queue) : undefined;
		if (!cancelTimer) queue();
		return () => {
			isCancelled = true;
			cancelTimer?.();
		};
	}

	/** Resolves when everything that can happen without time passing has happened. */
	async settle(): Promise<void> {
		for (let turn = 0; turn < MAX_TURNS; turn++) {
			await new Promise(setImmediate);
			if (this.#waiting === 0) return;
		}
		throw new Error('this never comes to rest');
	}

	/** Lets time pass, and everything happen that comes due on the way. */
	async advance(ms: number): Promise<void> {
		const end = this.clock.now() + ms;
		await this.settle();
		for (let dueAt = this.clock.nextDueAt; dueAt !== undefined && dueAt <= end; dueAt = this.clock.nextDueAt) {
			this.clock.advance(dueAt - this.clock.now());
			await this.settle();
		}
		this.clock.advance(end - this.clock.now());
	}
}
