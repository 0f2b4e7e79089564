import { describe, expect, it } from 'vitest';
import type { MiningProgress } from './port';
import { describeMiner } from './miner.contract';
import { serveMining } from './serveMining';
import { WorkerMiner, type MiningWorker } from './workerMiner';
import type { MiningChannel, MiningReply, MiningRequest } from './workerMessages';

const TRIVIAL = { header: new Uint8Array(117), target: 2n ** 256n - 1n };
const IMPOSSIBLE = { header: new Uint8Array(117), target: 0n };

/** What runs inside a real worker, at the other end of a channel that clones messages just as a worker's does. */
function channelWorker(): MiningWorker {
	const { port1, port2 } = new MessageChannel();
	serveMining(port2 as unknown as MiningChannel);
	return Object.assign(port1, {
		onerror: null,
		terminate: () => {
			port2.postMessage({ type: 'stop' });
			port1.postMessage({ type: 'stop' });
			port1.close();
		}
	}) as unknown as MiningWorker;
}

/** A worker that does what a test says. */
class ScriptedWorker implements MiningWorker {
	onmessage: MiningWorker['onmessage'] = null;
	onerror: MiningWorker['onerror'] = null;
	onmessageerror: MiningWorker['onmessageerror'] = null;
	readonly requests: MiningRequest[] = [];
	terminated = false;

	postMessage(request: MiningRequest): void {
		this.requests.push(request);
	}

	terminate(): void {
		this.terminated = true;
	}

	reply(data: MiningReply): void {
		this.onmessage?.({ data } as MessageEvent<MiningReply>);
	}

	crash(): void {
		this.onerror?.({ message: 'out of memory' } as ErrorEvent);
	}

	/** The ID of the newest job. */
	get jobId(): number {
		const request = this.requests.findLast(({ type }) => type === 'mine');
		return request?.type === 'mine' ? request.id : -1;
	}

	find(id = this.jobId): void {
		this.reply({ type: 'found', id, result: { nonce: BigInt(id), hash: '' as never } });
	}
}

function scripted(): { miner: WorkerMiner; workers: ScriptedWorker[]; worker: (index: number) => ScriptedWorker } {
	const workers: ScriptedWorker[] = [];
	const miner = new WorkerMiner(() => {
		const worker = new ScriptedWorker();
		workers.push(worker);
		return worker;
	});
	const worker = (index: number): ScriptedWorker => {
		const one = workers[index];
		if (one === undefined) throw new Error(`worker ${index} was not started`);
		return one;
	};
	return { miner, workers, worker };
}

describeMiner('WorkerMiner', () => new WorkerMiner(channelWorker));

describe('WorkerMiner', () => {
	it('starts its worker with the first job and keeps it', async () => {
		const { miner, workers, worker } = scripted();
		miner.stop();
		expect(workers).toHaveLength(0);
		const first = miner.mine(TRIVIAL);
		worker(0).find();
		await first;
		const second = miner.mine(TRIVIAL);
		worker(0).find();
		await second;
		expect(workers).toHaveLength(1);
	});

	it('rejects the running job when the worker crashes, and starts a new worker for the next', async () => {
		const { miner, workers, worker } = scripted();
		const first = miner.mine(IMPOSSIBLE);
		worker(0).crash();
		await expect(first).rejects.toMatchObject({ name: 'PollenError', code: 'worker-failed' });
		expect(worker(0).terminated).toBe(true);
		const second = miner.mine(TRIVIAL);
		worker(1).find();
		expect(await second).toBeDefined();
		expect(workers).toHaveLength(2);
	});

	it('survives a crash between jobs', async () => {
		const { miner, worker } = scripted();
		const first = miner.mine(TRIVIAL);
		worker(0).find();
		await first;
		worker(0).crash();
		const second = miner.mine(TRIVIAL);
		worker(1).find();
		expect(await second).toBeDefined();
	});

	it('rejects when a worker cannot be started, and tries again', async () => {
		let attempts = 0;
		const miner = new WorkerMiner(() => {
			if (attempts++ === 0) throw new DOMException('refused', 'SecurityError');
			return channelWorker();
		});
		await expect(miner.mine(TRIVIAL)).rejects.toMatchObject({ code: 'worker-failed' });
		expect(await miner.mine(TRIVIAL)).toBeDefined();
		miner.close();
	});

	it('takes no answer of an earlier job for one of this', async () => {
		const { miner, worker } = scripted();
		const first = miner.mine(IMPOSSIBLE);
		const firstId = worker(0).jobId;
		const second = miner.mine(IMPOSSIBLE);
		worker(0).find(firstId);
		worker(0).reply({ type: 'failed', id: firstId, code: 'worker-failed', message: '' });
		expect(await first).toBeUndefined();
		worker(0).find();
		expect(await second).toMatchObject({ nonce: BigInt(firstId + 1) });
	});

	it('passes on why a job failed', async () => {
		const { miner, worker } = scripted();
		const mining = miner.mine(IMPOSSIBLE);
		worker(0).reply({ type: 'failed', id: worker(0).jobId, code: 'insecure-context', message: 'no WebCrypto' });
		await expect(mining).rejects.toMatchObject({ code: 'insecure-context', message: 'no WebCrypto' });
		expect(worker(0).terminated).toBe(false);
	});

	it('tells the worker to stop, once', () => {
		const { miner, worker } = scripted();
		void miner.mine(IMPOSSIBLE);
		miner.stop();
		miner.stop();
		expect(worker(0).requests.map(({ type }) => type)).toEqual(['mine', 'stop']);
	});

	it('goes on counting hashes with a new worker', () => {
		const { miner, worker } = scripted();
		const reports: MiningProgress[] = [];
		miner.onProgress = (progress) => reports.push(progress);
		miner.mine(IMPOSSIBLE).catch(() => undefined);
		worker(0).reply({ type: 'progress', progress: { hashes: 100, hashRate: 10 } });
		worker(0).crash();
		void miner.mine(IMPOSSIBLE);
		worker(1).reply({ type: 'progress', progress: { hashes: 5, hashRate: 20 } });
		expect(reports).toEqual([
			{ hashes: 100, hashRate: 10 },
			{ hashes: 105, hashRate: 20 }
		]);
	});

	it('ends its worker when it is closed, and hears it no more', async () => {
		const { miner, workers, worker } = scripted();
		const mining = miner.mine(IMPOSSIBLE);
		miner.close();
		worker(0).crash();
		expect(await mining).toBeUndefined();
		expect(worker(0).terminated).toBe(true);
		expect(await miner.mine(TRIVIAL)).toBeUndefined();
		expect(workers).toHaveLength(1);
	});
});
