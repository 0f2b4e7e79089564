import { MiningLoop } from './miningLoop';
import { nextTurn } from './nextTurn';
import type { Miner, MiningJob, MiningProgress, MiningResult } from './port';
import { subtleDigest } from './subtleWorkHash';

/** Mines in the thread that calls it, for tests and for Node. The event loop turns between hashes. */
export class InlineMiner implements Miner {
	readonly #loop = new MiningLoop({ digest: subtleDigest, nextTurn, nowMs: () => performance.now() });
	#closed = false;

	get onProgress(): ((progress: MiningProgress) => void) | undefined {
		return this.#loop.onProgress;
	}

	set onProgress(handler: ((progress: MiningProgress) => void) | undefined) {
		this.#loop.onProgress = handler;
	}

	/** After `close` nothing is mined any more: resolves with undefined. */
	mine(job: MiningJob): Promise<MiningResult | undefined> {
		return this.#closed ? Promise.resolve(undefined) : this.#loop.mine(job);
	}

	stop(): void {
		this.#loop.stop();
	}

	close(): void {
		this.#closed = true;
		this.#loop.stop();
	}
}
