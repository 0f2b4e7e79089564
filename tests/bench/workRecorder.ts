import type { Page, Worker as PageWorker } from '@playwright/test';
import type { PostedJob, WorkEntry, WorkLog } from './staleWork';

declare global {
	/** When the node began to build a template, while the task lasts in which it posted it; ms since the epoch. */
	var templateOfThisTask: number | undefined;
}

interface Recording {
	workLog: { jobs: PostedJob[]; work: WorkEntry[] };
}

/**
 * Writes down what a page's real mining worker hashes, job by job, and when the page posted each job. The site is as it is
 * built: the page's `Worker` and the worker's `SubtleCrypto` are watched from outside. Jobs get a target that no hash meets, so
 * that each ends only when the node replaces it.
 */
export class WorkRecorder {
	private constructor(
		private readonly page: Page,
		private readonly worker: PageWorker
	) {}

	/** @param startMining makes the page mine; it must not have mined before */
	static async start(page: Page, startMining: () => Promise<void>): Promise<WorkRecorder> {
		await page.evaluate(watchJobs);
		const starting = page.waitForEvent('worker', (worker) => worker.url().includes('mining.worker'));
		await startMining();
		const worker = await starting;
		await worker.evaluate(watchDigests);
		return new WorkRecorder(page, worker);
	}

	/** What was written down since the last call. */
	async take(): Promise<WorkLog> {
		const { work } = await this.worker.evaluate(takeRecording);
		const { jobs } = await this.page.evaluate(takeRecording);
		return { jobs, work };
	}
}

// What follows runs in the page or its worker, where nothing else of this module exists. Times are ms since the epoch there,
// finer than those of `Date`. A template is its header without the nonce, in hex.

function takeRecording(): Recording['workLog'] {
	const recording = globalThis as unknown as Recording;
	const taken = recording.workLog;
	recording.workLog = { jobs: [], work: [] };
	return taken;
}

function watchJobs(): void {
	const recording = globalThis as unknown as Recording;
	recording.workLog = { jobs: [], work: [] };
	const post = Worker.prototype.postMessage as (message: unknown, transfer?: Transferable[]) => void;
	Worker.prototype.postMessage = function (message: { job?: { header: Uint8Array } }, transfer?: unknown) {
		if (message.job === undefined) return post.call(this, message, transfer as Transferable[]);
		const { header } = message.job;
		const template = Array.from(header.subarray(8), (byte) => byte.toString(16).padStart(2, '0')).join('');
		const builtMs = Number(new DataView(header.buffer, header.byteOffset).getBigUint64(77));
		recording.workLog.jobs.push({ template, builtMs, atMs: performance.timeOrigin + performance.now() });
		globalThis.templateOfThisTask = builtMs;
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			globalThis.templateOfThisTask = undefined;
			port1.close();
		};
		port2.postMessage(undefined);
		post.call(this, { ...message, job: { header, target: 0n } });
	};
}

function watchDigests(): void {
	const recording = globalThis as unknown as Recording;
	recording.workLog = { jobs: [], work: [] };
	const digest = SubtleCrypto.prototype.digest;
	// A job has one message, into which it writes its nonces.
	let message: unknown;
	let entry = { template: '', height: 0, atMs: 0, hashes: 0 };
	SubtleCrypto.prototype.digest = function (algorithm, data: Uint8Array<ArrayBuffer>) {
		const atMs = performance.timeOrigin + performance.now();
		const isNew = data !== message;
		if (isNew || atMs >= entry.atMs + 1) {
			const header = data.subarray(8, 117);
			entry = { ...entry, atMs, hashes: 0 };
			if (isNew) {
				entry.template = Array.from(header, (byte) => byte.toString(16).padStart(2, '0')).join('');
				entry.height = new DataView(data.buffer).getUint32(9);
			}
			message = data;
			recording.workLog.work.push(entry);
		}
		entry.hashes++;
		return digest.call(this, algorithm, data);
	};
}
