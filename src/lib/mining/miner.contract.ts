import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZERO_HASH } from '../bytes/hash';
import { encodeHeader, type Header } from '../chain/header';
import { meetsTarget, workHashSync } from '../chain/work';
import { PollenError } from '../errors/pollenError';
import type { Miner, MiningJob, MiningProgress } from './port';

const HEADER: Header = {
	nonce: 0n,
	version: 1,
	height: 1,
	previousHash: ZERO_HASH,
	merkleRoot: ZERO_HASH,
	timestamp: 1_767_225_600_000,
	target: 2n ** 256n / 50n
};

const MAX_NONCE = 2n ** 64n - 1n;
const IMPOSSIBLE = 0n;
const TRIVIAL = 2n ** 256n - 1n;

function job(target: bigint, nonce = 0n, height = 1): MiningJob {
	return { header: encodeHeader({ ...HEADER, nonce, height }), target };
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether a promise has settled by the end of a span of time. */
async function settlesWithin(ms: number, promise: Promise<unknown>): Promise<boolean> {
	return Promise.race([promise.then(() => true), sleep(ms).then(() => false)]);
}

/** What every miner must do, whatever it runs on. `open` makes a new one for each test. */
export function describeMiner(name: string, open: () => Miner): void {
	describe(`${name} as a miner`, () => {
		let miner: Miner;

		beforeEach(() => {
			miner = open();
		});

		afterEach(() => miner.close());

		it('finds a nonce whose work hash meets the target', async () => {
			const found = await miner.mine(job(HEADER.target));
			const hash = workHashSync(encodeHeader({ ...HEADER, nonce: found?.nonce ?? 0n }));
			expect(found?.hash).toBe(hash);
			expect(meetsTarget(hash, HEADER.target)).toBe(true);
		});

		it('finds the first nonce that does, counting from the job’s', async () => {
			const target = 2n ** 256n / 5n;
			const start = 1_000n;
			const found = await miner.mine(job(target, start));
			let first = start;
			while (!meetsTarget(workHashSync(job(target, first).header), target)) first++;
			expect(found?.nonce).toBe(first);
		});

		it('starts at any nonce and goes on after the last', async () => {
			const first = await miner.mine(job(TRIVIAL, MAX_NONCE));
			expect(first?.nonce).toBe(MAX_NONCE);
			// A target that the last nonce misses, so that the search has to wrap.
			const target = BigInt(`0x${workHashSync(job(TRIVIAL, MAX_NONCE).header)}`) - 1n;
			const found = await miner.mine(job(target, MAX_NONCE));
			expect(found?.nonce).toBeLessThan(MAX_NONCE);
			expect(found?.hash).toBe(workHashSync(job(target, found?.nonce).header));
		});

		it('mines one job after the other', async () => {
			for (const height of [1, 2, 3]) {
				const found = await miner.mine(job(HEADER.target, 0n, height));
				expect(found?.hash).toBe(workHashSync(job(HEADER.target, found?.nonce, height).header));
			}
		});

		it('drops the running job for a new one at once', async () => {
			const old = miner.mine(job(IMPOSSIBLE));
			await sleep(30);
			const next = miner.mine(job(TRIVIAL, 0n, 2));
			expect(await settlesWithin(0, old)).toBe(true);
			expect(await old).toBeUndefined();
			expect((await next)?.hash).toBe(workHashSync(job(TRIVIAL, 0n, 2).header));
		});

		it('drops all but the last of many jobs handed in together', async () => {
			const jobs = [1, 2, 3, 4, 5].map((height) => miner.mine(job(TRIVIAL, 0n, height)));
			const results = await Promise.all(jobs);
			expect(results.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
			expect(results[4]?.hash).toBe(workHashSync(job(TRIVIAL, 0n, 5).header));
		});

		it('does not end a job that cannot be done until it is stopped', async () => {
			const running = miner.mine(job(IMPOSSIBLE));
			expect(await settlesWithin(100, running)).toBe(false);
			miner.stop();
			expect(await settlesWithin(0, running)).toBe(true);
			expect(await running).toBeUndefined();
		});

		it('mines again after a stop', async () => {
			void miner.mine(job(IMPOSSIBLE));
			miner.stop();
			miner.stop();
			expect(await miner.mine(job(TRIVIAL))).toBeDefined();
		});

		it('rejects a job that makes no sense and goes on with the next', async () => {
			const short = { header: new Uint8Array(116), target: TRIVIAL };
			const refusal = await miner.mine(short).catch((error: unknown) => error);
			expect(refusal).toBeInstanceOf(PollenError);
			expect(refusal).toMatchObject({ code: 'bad-encoding' });
			await expect(miner.mine(job(2n ** 256n))).rejects.toMatchObject({ code: 'bad-encoding' });
			expect(await miner.mine(job(TRIVIAL))).toBeDefined();
		});

		it('reports progress, over all jobs', async () => {
			const reports: MiningProgress[] = [];
			const reported = (count: number) =>
				new Promise<void>((resolve) => {
					miner.onProgress = (progress) => reports.push(progress) === count && resolve();
				});
			void miner.mine(job(IMPOSSIBLE));
			await reported(2);
			void miner.mine(job(IMPOSSIBLE, 0n, 2));
			await reported(4);
			miner.stop();
			expect(reports.every(({ hashRate }) => hashRate > 0)).toBe(true);
			const hashes = reports.map((report) => report.hashes);
			expect(hashes).toEqual([...new Set(hashes)].sort((a, b) => a - b));
		});

		it('is silent while it rests', async () => {
			void miner.mine(job(IMPOSSIBLE));
			await sleep(50);
			miner.stop();
			await sleep(30);
			miner.onProgress = () => expect.unreachable();
			await sleep(400);
		});

		it('ends the running job when it is closed, and takes no more', async () => {
			const running = miner.mine(job(IMPOSSIBLE));
			miner.close();
			expect(await running).toBeUndefined();
			expect(await miner.mine(job(TRIVIAL))).toBeUndefined();
		});
	});
}
