/** Time as the memory network needs it; the clock of `clock/port.ts` fits. */
export interface NetworkClock {
	now(): number;
	after(delayMs: number, callback: () => void): () => void;
}

/**
 * One direction of a memory link. What is put in comes out in order, each item in a turn of its own and after its own
 * delay, but never before the item ahead of it: the behaviour of a reliable, ordered channel.
 */
export class MemoryPipe {
	readonly #clock: NetworkClock;
	readonly #delayMs: () => number;
	readonly #queue: { deliver: () => void }[] = [];
	#lastDueAt = Number.NEGATIVE_INFINITY;
	/** Items whose time came while the pipe was held. */
	#overdue = 0;
	#held = false;

	constructor(clock: NetworkClock, delayMs: () => number) {
		this.#clock = clock;
		this.#delayMs = delayMs;
	}

	/** `deliver` runs at the other end. */
	put(deliver: () => void): void {
		this.#queue.push({ deliver });
		const now = this.#clock.now();
		this.#lastDueAt = Math.max(this.#lastDueAt, now + this.#delayMs());
		this.#clock.after(this.#lastDueAt - now, this.#deliverNext);
	}

	/** While held, items wait, as they do on a network that is down for a while. */
	hold(held: boolean): void {
		this.#held = held;
		if (held) return;
		const overdue = this.#overdue;
		this.#overdue = 0;
		for (let i = 0; i < overdue; i++) this.#clock.after(0, this.#deliverNext);
	}

	/** Forgets what is on its way. */
	clear(): void {
		for (const item of this.#queue) item.deliver = () => undefined;
	}

	/** Timers that are due together may fire in any order, so each takes the head and not an item of its own. */
	readonly #deliverNext = (): void => {
		if (this.#held) this.#overdue++;
		else this.#queue.shift()?.deliver();
	};
}
