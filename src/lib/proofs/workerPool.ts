import type { Remote } from 'comlink';
import { PollenError } from '../errors/pollenError';
import type { Outcome } from './outcome';
import type { WorkerSlot } from './workerSlot';

interface Place<Api> {
	readonly slot: WorkerSlot<Api>;
	/** How many calls its worker has now. */
	calls: number;
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
		this.#places = slots.map((slot) => ({ slot, calls: 0 }));
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
			return await this.#callAt(place, run);
		} finally {
			this.#release(place);
		}
	}

	/** Calls the first worker, ahead of all that waits: for what it keeps from call to call. */
	async callFirst<T>(run: (remote: Remote<Api>) => Promise<Outcome<T>>): Promise<T> {
		const [place] = this.#places;
		if (!place) throw new RangeError('a pool has at least one worker');
		place.calls += 1;
		try {
			return await this.#callAt(place, run);
		} finally {
			this.#release(place);
		}
	}

	/** Ends all workers; pending calls, and all that come later, reject with `error`. */
	close(error: PollenError): void {
		this.#closed = error;
		for (const { slot } of this.#places) slot.stop(error);
	}

	#callAt<T>({ slot }: Place<Api>, run: (remote: Remote<Api>) => Promise<Outcome<T>>): Promise<T> {
		// Otherwise those that waited would start workers anew.
		return this.#closed ? Promise.reject(this.#closed) : slot.call(run);
	}

	#takeFree(): Place<Api> | undefined {
		const free = this.#places.find(({ calls }) => calls === 0);
		if (free) free.calls += 1;
		return free;
	}

	#nextFree(): Promise<Place<Api>> {
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	#release(place: Place<Api>): void {
		place.calls -= 1;
		if (place.calls > 0) return;
		const next = this.#waiting.shift();
		if (!next) return;
		place.calls += 1;
		next(place);
	}
}
