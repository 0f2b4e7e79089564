import { PollenError } from '../errors/pollenError';
import type { Miner, MiningJob, MiningProgress, MiningResult } from './port';
import type { MiningReply, MiningRequest } from './workerMessages';

/** What the miner uses of a `Worker`, so that tests can stand in for one. */
export interface MiningWorker {
	onmessage: ((event: MessageEvent<MiningReply>) => void) | null;
	onerror: ((event: ErrorEvent) => void) | null;
	onmessageerror: ((event: MessageEvent) => void) | null;
	postMessage(request: MiningRequest): void;
	terminate(): void;
}

interface PendingJob {
	readonly id: number;
	readonly resolve: (result: MiningResult | undefined) => void;
	readonly reject: (error: PollenError) => void;
}

function startMiningWorker(): MiningWorker {
	return new Worker(new URL('./mining.worker.ts', import.meta.url), { type: 'module' });
}

/**
 * Mines in a worker, which starts with the first job and stays for the next. When it breaks, the running job rejects
 * with worker-failed, and the next job gets a new worker.
 */
export class WorkerMiner implements Miner {
	onProgress: ((progress: MiningProgress) => void) | undefined;
	readonly #startWorker: () => MiningWorker;
	#worker: MiningWorker | undefined;
	#job: PendingJob | undefined;
	#lastId = 0;
	/** Hashes that this worker reported, and those of the workers before it: each counts from nothing. */
	#hashes = 0;
	#hashesOfEarlierWorkers = 0;
	#closed = false;

	constructor(startWorker: () => MiningWorker = startMiningWorker) {
		this.#startWorker = startWorker;
	}

	/** After `close` nothing is mined any more: resolves with undefined. */
	mine(job: MiningJob): Promise<MiningResult | undefined> {
		this.#takeJob()?.resolve(undefined);
		if (this.#closed) return Promise.resolve(undefined);
		return new Promise((resolve, reject) => {
			const id = ++this.#lastId;
			this.#job = { id, resolve, reject };
			this.#request({ type: 'mine', id, job });
		});
	}

	stop(): void {
		const job = this.#takeJob();
		if (job === undefined) return;
		this.#worker?.postMessage({ type: 'stop' });
		job.resolve(undefined);
	}

	close(): void {
		this.#closed = true;
		this.#takeJob()?.resolve(undefined);
		this.#dropWorker();
	}

	#request(request: MiningRequest): void {
		try {
			this.#worker ??= this.#openWorker();
			this.#worker.postMessage(request);
		} catch (error) {
			this.#fail(new PollenError('worker-failed', 'the mining worker cannot be reached', { cause: error }));
		}
	}

	#openWorker(): MiningWorker {
		const worker = this.#startWorker();
		worker.onmessage = ({ data }) => this.#receive(data);
		worker.onerror = (event) => this.#fail(new PollenError('worker-failed', event.message || 'the worker crashed'));
		worker.onmessageerror = () => this.#fail(new PollenError('worker-failed', 'the worker sent what cannot be read'));
		return worker;
	}

	#receive(reply: MiningReply): void {
		if (reply.type === 'progress') return this.#receiveProgress(reply.progress);
		// An answer that crossed its job's replacement on the way.
		if (reply.id !== this.#job?.id) return;
		const job = this.#takeJob();
		if (reply.type === 'found') job?.resolve(reply.result);
		else job?.reject(new PollenError(reply.code, reply.message));
	}

	#receiveProgress({ hashes, hashRate }: MiningProgress): void {
		this.#hashes = hashes;
		this.onProgress?.({ hashes: this.#hashesOfEarlierWorkers + hashes, hashRate });
	}

	#fail(error: PollenError): void {
		this.#dropWorker();
		this.#takeJob()?.reject(error);
	}

	#dropWorker(): void {
		const worker = this.#worker;
		if (worker === undefined) return;
		this.#worker = undefined;
		this.#hashesOfEarlierWorkers += this.#hashes;
		this.#hashes = 0;
		// What it said before it ended may still be on its way.
		worker.onmessage = worker.onerror = worker.onmessageerror = null;
		worker.terminate();
	}

	/** The running job, which from here on is no longer running. */
	#takeJob(): PendingJob | undefined {
		const job = this.#job;
		this.#job = undefined;
		return job;
	}
}
