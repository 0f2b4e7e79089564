import type { TransactionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { between } from './chance';
import { EMBARGO_MS } from './limits';

/** Transactions that this node knows and speaks of to nobody, each until it is lifted or a time of chance has passed. */
export class Embargo {
	readonly #ends = new Map<TransactionId, () => void>();

	/** @param onEnd called when the time of one has passed; it is under embargo no more */
	constructor(
		private readonly clock: Clock,
		private readonly random: () => number,
		private readonly onEnd: (id: TransactionId) => void
	) {}

	has(id: TransactionId): boolean {
		return this.#ends.has(id);
	}

	/** Its time begins now, unless it has begun already. */
	place(id: TransactionId): void {
		if (this.#ends.has(id)) return;
		const cancel = this.clock.after(between(EMBARGO_MS, this.random), () => {
			this.#ends.delete(id);
			this.onEnd(id);
		});
		this.#ends.set(id, cancel);
	}

	/** Returns whether it was under embargo. */
	lift(id: TransactionId): boolean {
		this.#ends.get(id)?.();
		return this.#ends.delete(id);
	}

	stop(): void {
		for (const cancel of this.#ends.values()) cancel();
		this.#ends.clear();
	}
}
