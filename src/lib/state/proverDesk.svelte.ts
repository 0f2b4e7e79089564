import type { PollenNode } from '../node/api';
import type { FetchProgress } from '../proofs/port';

/** What takes no longer is not worth a word. */
const SLOW_MS = 1_000;

/** A browser that never rests, or does not say so, begins after this time. */
const IDLE_WAIT_MS = 2_000;

type Preparing = Pick<PollenNode, 'prepareProver'>;

/**
 * What a proof needs, and how far it has come. It is got ready while the voter reads. When that fails nothing is said: the
 * next call tries again, and a vote that needs it says what is wrong.
 */
export class ProverDesk {
	readonly #node: Preparing;
	#progress: FetchProgress | undefined = $state.raw();
	#isSlow = $state(false);
	/** Under way or done. */
	#opening: Promise<void> | undefined;

	constructor(node: Preparing) {
		this.#node = node;
	}

	/** How much is here, while something is still to come. */
	get progress(): FetchProgress | undefined {
		return this.#progress;
	}

	/** Whether it takes so long that a reader may want to know. */
	get isSlow(): boolean {
		return this.#isSlow;
	}

	/** Gets it ready now, once. Never rejects. */
	open(): Promise<void> {
		return (this.#opening ??= this.#open());
	}

	/**
	 * Gets it ready when the page has nothing better to do, unless the visitor asked to save data: then it waits for a
	 * choice. Returns what calls this off.
	 */
	openWhenIdle(): () => void {
		if (savesData()) return () => undefined;
		const open = () => void this.open();
		// Safari has no idle callbacks.
		if (!('requestIdleCallback' in globalThis)) {
			const timer = setTimeout(open, IDLE_WAIT_MS);
			return () => clearTimeout(timer);
		}
		const callback = requestIdleCallback(open, { timeout: IDLE_WAIT_MS });
		return () => cancelIdleCallback(callback);
	}

	async #open(): Promise<void> {
		const timer = setTimeout(() => (this.#isSlow = true), SLOW_MS);
		try {
			await this.#node.prepareProver((progress) => {
				this.#progress = progress.loaded < progress.total ? progress : undefined;
			});
		} catch {
			this.#opening = undefined;
		} finally {
			clearTimeout(timer);
			this.#progress = undefined;
			this.#isSlow = false;
		}
	}
}

/** Not every browser tells, nor does the type library know. */
function savesData(): boolean {
	const { connection } = navigator as { connection?: { saveData?: boolean } };
	return connection?.saveData === true;
}
