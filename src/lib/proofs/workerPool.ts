import type { Remote } from 'comlink';
import { PollenError } from '../errors/pollenError';
import type { Outcome } from './outcome';
import type { WorkerSlot } from './workerSlot';

interface Place<Api> {
	readonly slot: WorkerSlot<Api>;
	isBusy: boolean;
}

/**
 * Several workers that do the same. A worker has one call at a time, and the others wait here, in order, where they can
 * still be dropped. Of the free workers the first is taken, so that no more start than have something to do at once.
 */
export class WorkerPool<Api> {
	readonly #places: readonly Place<Api>[];
	readonly #waiting: ((place: Place<Api>) => void)[] = [];
	#closed: PollenError | undefined;

	constructor(slots: readonly WorkerSlot<Api>[]) {
		this.#places = slots.map((slot) => ({ slot, isBusy: false }));
	}

	get size(): number {
		return this.#places.length;
	}

	/**
	 * Calls a worker as soon as one is free. Rejects like `WorkerSlot.call`. When `signal` has fired before its turn comes, the
	 * call is not made, and rejects with `aborted`.
	 */
	async call<T>(run: (remote: Remote<Api>) => Promise<Outcome<T>>, signal?: AbortSignal): Promise<T> {
		const place = this.#takeFree() ?? (await this.#nextFree());
		try {
			if (signal?.aborted) throw new PollenError('aborted');
			// Otherwise those that waited would start workers anew.
			if (this.#closed) throw this.#closed;
			return await place.slot.call(run);
		} finally {
			this.#release(place);
		}
	}

	/** Ends all workers; pending calls, and all that come later, reject with `error`. */
	close(error: PollenError): void {
		this.#closed = error;
		for (const { slot } of this.#places) slot.stop(error);
	}

	#takeFree(): Place<Api> | undefined {
		const free = this.#places.find(({ isBusy }) => !isBusy);
		if (free) free.isBusy = true;
		return free;
	}

	#nextFree(): Promise<Place<Api>> {
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** To whoever has waited longest. */
	#release(place: Place<Api>): void {
		const next = this.#waiting.shift();
		if (next) next(place);
		else place.isBusy = false;
	}
}
