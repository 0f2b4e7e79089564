import type { MiningJob, MiningProgress } from '../../../src/lib/mining/port';
import { WorkerMiner } from '../../../src/lib/mining/workerMiner';

/** What the benchmark calls in its page. */
export interface MiningPage {
	/** Hashes a second of the worker, over about `durationMs`, after a warm-up. */
	measureHashRate(durationMs: number): Promise<number>;
	/** The longest of `times` spans (ms) from handing in a trivial job, while another runs, to its result. */
	measureReplacement(times: number): Promise<number>;
}

declare global {
	interface Window {
		miningPage: MiningPage;
	}
}

const WARM_UP_MS = 500;
const HEADER_LENGTH = 117;
const IMPOSSIBLE: MiningJob = { header: new Uint8Array(HEADER_LENGTH), target: 0n };
const TRIVIAL: MiningJob = { header: new Uint8Array(HEADER_LENGTH), target: 2n ** 256n - 1n };

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

async function measureHashRate(durationMs: number): Promise<number> {
	const miner = new WorkerMiner();
	const reports: { atMs: number; hashes: number }[] = [];
	miner.onProgress = ({ hashes }: MiningProgress) => reports.push({ atMs: performance.now(), hashes });
	void miner.mine(IMPOSSIBLE);
	await sleep(WARM_UP_MS);
	reports.length = 0;
	await sleep(durationMs);
	miner.close();
	const [first, last] = [reports[0], reports.at(-1)];
	if (first === undefined || last === undefined || first === last) throw new Error('too few progress reports');
	return ((last.hashes - first.hashes) * 1_000) / (last.atMs - first.atMs);
}

async function measureReplacement(times: number): Promise<number> {
	const miner = new WorkerMiner();
	let longestMs = 0;
	for (let i = 0; i < times; i++) {
		void miner.mine(IMPOSSIBLE);
		// Varied, so that the replacement meets the loop at different points; long enough for the worker to have started.
		await sleep(i === 0 ? WARM_UP_MS : 20 + i);
		const startMs = performance.now();
		await miner.mine(TRIVIAL);
		longestMs = Math.max(longestMs, performance.now() - startMs);
	}
	miner.close();
	return longestMs;
}

window.miningPage = { measureHashRate, measureReplacement };
