import { sha256Hash } from '../../src/lib/bytes/sha256';
import { meetsTarget, setNonce } from '../../src/lib/chain/work';
import type { Clock } from '../../src/lib/clock/port';
import type { PollenError } from '../../src/lib/errors/pollenError';
import type { Miner, MiningJob, MiningProgress, MiningResult } from '../../src/lib/mining/port';

/** Finds a nonce under the harness's work function, one turn after it was asked, or when the dice say. */
export class InstantMiner implements Miner {
	onProgress: ((progress: MiningProgress) => void) | undefined;
	/** Every job it was given, oldest first. */
	readonly jobs: MiningJob[] = [];
	/** Set to make jobs fail. */
	fault: PollenError | undefined;
	/** While true, jobs wait for `release`. */
	isHeld = false;
	isClosed = false;
	#run: { readonly job: MiningJob; finish(result: MiningResult | undefined): void } | undefined;

	/** @param delayMs how long the next job takes; it is asked once a job */
	constructor(
		private readonly clock: Clock,
		private readonly delayMs: () => number = () => 0
	) {}

	get isBusy(): boolean {
		return this.#run !== undefined;
	}

	mine(job: MiningJob): Promise<MiningResult | undefined> {
		this.stop();
		if (this.isClosed) return Promise.resolve(undefined);
		this.jobs.push(job);
		return new Promise((resolve, reject) => {
			const run = { job, finish: resolve };
			this.#run = run;
			this.clock.after(this.delayMs(), () => {
				if (this.#run !== run) return;
				if (this.fault) {
					this.#run = undefined;
					reject(this.fault);
				} else if (!this.isHeld) this.release();
			});
		});
	}

	/** Finds the block of the running job now. */
	release(): void {
		const run = this.#run;
		this.#run = undefined;
		run?.finish(search(run.job));
	}

	stop(): void {
		const run = this.#run;
		this.#run = undefined;
		run?.finish(undefined);
	}

	close(): void {
		this.isClosed = true;
		this.stop();
	}
}

function search({ header, target }: MiningJob): MiningResult {
	const candidate = header.slice();
	const first = new DataView(header.buffer, header.byteOffset).getBigUint64(0);
	for (let nonce = first; ; nonce++) {
		setNonce(candidate, nonce);
		const hash = sha256Hash(candidate);
		if (meetsTarget(hash, target)) return { nonce, hash };
	}
}
