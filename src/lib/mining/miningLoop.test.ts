import { describe, expect, it } from 'vitest';
import { encodeHeader } from '../chain/header';
import { ZERO_HASH } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { DIGESTS_IN_FLIGHT, MiningLoop, type MiningEnvironment } from './miningLoop';
import { nextTurn } from './nextTurn';
import type { MiningJob, MiningProgress } from './port';

const JOB: MiningJob = {
	header: encodeHeader({
		nonce: 7n,
		version: 1,
		height: 1,
		previousHash: ZERO_HASH,
		merkleRoot: ZERO_HASH,
		timestamp: 1,
		target: 1n
	}),
	target: 0n
};

const HIGH_HASH = new Uint8Array(32).fill(0xff);

function environment(changes: Partial<MiningEnvironment>): MiningEnvironment {
	return {
		digest: () => Promise.resolve(HIGH_HASH.slice().buffer),
		nextTurn,
		nowMs: () => performance.now(),
		...changes
	};
}

describe('MiningLoop', () => {
	it('lets other events in although digests settle at once, as in a worker of Chromium', async () => {
		let digests = 0;
		// A loop that lets nothing in must end some time, so that this test fails and does not hang.
		const digest = (): Promise<ArrayBuffer> =>
			Promise.resolve(++digests < 2_000_000 ? HIGH_HASH.slice().buffer : new ArrayBuffer(32));
		const loop = new MiningLoop(environment({ digest }));
		const mining = loop.mine(JOB);
		await new Promise((resolve) => setTimeout(resolve, 20));
		loop.stop();
		expect(await mining).toBeUndefined();
	});

	it('hashes every nonce once, in order, with several digests under way', async () => {
		const nonces: bigint[] = [];
		let underWay = 0;
		let mostUnderWay = 0;
		const digest = async (message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> => {
			const nonce = new DataView(message.buffer).getBigUint64(0);
			nonces.push(nonce);
			mostUnderWay = Math.max(mostUnderWay, ++underWay);
			await nextTurn();
			underWay--;
			return nonce === 40n ? new ArrayBuffer(32) : HIGH_HASH.slice().buffer;
		};
		const found = await new MiningLoop(environment({ digest })).mine(JOB);
		expect(found).toEqual({ nonce: 40n, hash: ZERO_HASH });
		expect(nonces.slice(0, 34)).toEqual(Array.from({ length: 34 }, (_, index) => 7n + BigInt(index)));
		expect(mostUnderWay).toBe(DIGESTS_IN_FLIGHT);
	});

	it('starts no more digests for a job that was replaced', async () => {
		const heights: number[] = [];
		const waiting: (() => void)[] = [];
		const digest = (message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> => {
			heights.push(new DataView(message.buffer).getUint32(9));
			return new Promise((resolve) => waiting.push(() => resolve(HIGH_HASH.slice().buffer)));
		};
		const loop = new MiningLoop(environment({ digest }));
		void loop.mine(JOB);
		const header = JOB.header.slice();
		new DataView(header.buffer).setUint32(9, 2);
		void loop.mine({ ...JOB, header });
		for (const finish of waiting.splice(0)) finish();
		await nextTurn();
		loop.stop();
		expect(heights.filter((height) => height === 1)).toHaveLength(DIGESTS_IN_FLIGHT);
		expect(heights.filter((height) => height === 2).length).toBeGreaterThan(DIGESTS_IN_FLIGHT);
	});

	it('rejects with worker-failed when hashing fails, and leaves no rejection unhandled', async () => {
		const cause = new DOMException('no memory', 'OperationError');
		const loop = new MiningLoop(environment({ digest: () => Promise.reject(cause) }));
		await expect(loop.mine(JOB)).rejects.toMatchObject({ name: 'PollenError', code: 'worker-failed', cause });
		await nextTurn();
	});

	it('keeps the code of an error that has one', async () => {
		const error = new PollenError('insecure-context');
		const loop = new MiningLoop(environment({ digest: () => Promise.reject(error) }));
		await expect(loop.mine(JOB)).rejects.toBe(error);
	});

	it('does not reject a job that was stopped before its hashing failed', async () => {
		const loop = new MiningLoop(environment({ digest: () => Promise.reject(new Error('late')) }));
		const mining = loop.mine(JOB);
		loop.stop();
		expect(await mining).toBeUndefined();
	});

	it('reports by the clock it is given', async () => {
		let nowMs = 0;
		const reports: MiningProgress[] = [];
		const digest = (): Promise<ArrayBuffer> => {
			nowMs += 1;
			return Promise.resolve(HIGH_HASH.slice().buffer);
		};
		const loop = new MiningLoop(environment({ digest, nowMs: () => nowMs }));
		const threeReports = new Promise<void>((resolve) => {
			loop.onProgress = (progress) => reports.push(progress) === 3 && resolve();
		});
		void loop.mine(JOB);
		await threeReports;
		loop.stop();
		for (const [index, { hashes, hashRate }] of reports.entries()) {
			expect(hashes).toBeGreaterThan(240 * (index + 1));
			expect(hashes).toBeLessThan(275 * (index + 1));
			expect(hashRate).toBeGreaterThan(950);
			expect(hashRate).toBeLessThan(1_050);
		}
	});
});
