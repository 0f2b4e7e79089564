import { wrap, type Remote } from 'comlink';
import { PollenError } from '../errors/pollenError';
import { unwrap, type Outcome } from './outcome';

interface Running<Api> {
	readonly remote: Remote<Api>;
	readonly opened: Promise<void>;
	/** Rejects when the worker dies or is stopped; never resolves. */
	readonly death: Promise<never>;
	readonly die: (error: PollenError) => void;
}

/**
 * The place of one worker: started by the first call, and started anew by the next one after it died or was stopped.
 * Comlink alone would leave the calls of a dead worker pending for ever.
 */
export class WorkerSlot<Api> {
	readonly #start: () => Worker;
	readonly #open: (remote: Remote<Api>) => Promise<Outcome<void>>;
	#running: Running<Api> | undefined;

	/**
	 * @param start makes the worker
	 * @param open is its first call
	 */
	constructor(start: () => Worker, open: (remote: Remote<Api>) => Promise<Outcome<void>>) {
		this.#start = start;
		this.#open = open;
	}

	/** Calls the worker. Rejects with the code of the outcome, or with `worker-failed` when the worker dies meanwhile. */
	async call<T>(run: (remote: Remote<Api>) => Promise<Outcome<T>>): Promise<T> {
		const running = (this.#running ??= this.#launch());
		await Promise.race([running.opened, running.death]);
		return unwrap(await Promise.race([run(running.remote), running.death]));
	}

	/** Ends the worker at once; its pending calls reject with `error`. */
	stop(error: PollenError): void {
		this.#running?.die(error);
	}

	#launch(): Running<Api> {
		const worker = this.#startWorker();
		let reject: (error: PollenError) => void = () => undefined;
		const death = new Promise<never>((_, rejectDeath) => (reject = rejectDeath));
		// It may die while no call waits for it.
		death.catch(() => undefined);
		const die = (error: PollenError): void => {
			if (this.#running === running) this.#running = undefined;
			worker.terminate();
			reject(error);
		};
		worker.addEventListener('error', (event) => {
			die(new PollenError('worker-failed', event.message || 'a worker died'));
		});
		worker.addEventListener('messageerror', () => {
			die(new PollenError('worker-failed', 'a worker sent what cannot be read'));
		});
		const remote = wrap<Api>(worker);
		const opened = this.#open(remote).then(unwrap);
		// What could not be opened is of no use to the next call.
		opened.catch((cause: unknown) => die(new PollenError('worker-failed', 'a worker could not be opened', { cause })));
		const running: Running<Api> = { remote, opened, death, die };
		return running;
	}

	#startWorker(): Worker {
		try {
			return this.#start();
		} catch (cause) {
			throw new PollenError('worker-failed', 'a worker cannot be started', { cause });
		}
	}
}
