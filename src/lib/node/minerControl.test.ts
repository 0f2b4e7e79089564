import { describe, expect, it } from 'vitest';
import { agreement, Cluster, type ClusterNode } from '../../../tests/support/cluster';
import { failWrites, type MinedBlock } from '../../../tests/support/ledgerHarness';
import { blockToJson } from '../election/json';
import { decodeHeader } from '../chain/header';
import { PollenError } from '../errors/pollenError';
import {
	CONFIRMATIONS,
	FAR_BEHIND_BLOCKS,
	PAUSE_MS,
	GATHER_MS,
	TEMPLATE_GATHER_MS,
	TEMPLATE_REFRESH_MS
} from './limits';

const lastHeader = ({ miner }: ClusterNode) => decodeHeader(miner.jobs.at(-1)!.header);

describe('mining by itself', () => {
	it('records what is pending, goes on until it is six deep, then rests', async () => {
		const cluster = new Cluster();
		const a = await cluster.start({ mining: true });
		await cluster.advance(60_000);
		expect(a.miner.jobs).toEqual([]);
		expect(a.node.snapshot().mining).toMatchObject({
			automatic: true,
			active: false,
			hashRate: 0,
			hashes: 0,
			expectedHashes: 1,
			target: 2n ** 256n - 1n
		});
		await cluster.vote(a, 0);
		expect(a.node.snapshot()).toMatchObject({ height: CONFIRMATIONS, pending: [], mining: { active: false } });
		expect(a.node.ballots()).toMatchObject([{ height: 1 }]);
		const jobs = a.miner.jobs.length;
		await cluster.advance(60_000);
		expect(a.miner.jobs.length).toBe(jobs);
		await cluster.vote(a, 1);
		expect(a.node.snapshot().height).toBe(2 * CONFIRMATIONS);
	});

	it('takes up a ballot that a peer told of, and the confirmations of one that a peer recorded', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const b = await cluster.start({ mining: true });
		await cluster.link(a, b);
		await cluster.vote(a, 0);
		expect(agreement(a)).toEqual(agreement(b));
		expect(a.node.snapshot()).toMatchObject({ height: CONFIRMATIONS, pending: [] });
		expect(a.miner.jobs).toEqual([]);
	});

	it('does not mine on blocks that a better chain leaves behind while that is fetched, and goes on at its end', async () => {
		const cluster = new Cluster();
		const chain: MinedBlock[] = [];
		for (let height = 1; height <= 60; height++) {
			const ballots = height % 5 === 0 ? [await cluster.ballot(height / 5 - 1)] : [];
			chain.push(cluster.harness.mine(chain.at(-1) ?? cluster.harness.genesis, ballots));
		}
		const a = await cluster.start({ disk: await cluster.diskWith(chain) });
		const b = await cluster.start({ mining: true });
		await cluster.link(b, a);
		await cluster.advance(60_000);
		expect(b.node.snapshot()).toMatchObject({ height: 59 + CONFIRMATIONS, mining: { active: false } });
		const heights = b.miner.jobs.map(({ header }) => decodeHeader(header).height);
		expect(Math.min(...heights)).toBeGreaterThan(60 - FAR_BEHIND_BLOCKS);
	});

	it('does nothing when switched off, and goes on when switched on again', async () => {
		const cluster = new Cluster();
		const a = await cluster.start({ mining: true });
		a.node.setMining(false);
		await cluster.vote(a, 0);
		expect(a.node.snapshot()).toMatchObject({ height: 0, mining: { automatic: false, active: false } });
		a.node.setMining(true);
		await cluster.settle();
		expect(a.node.snapshot().height).toBe(CONFIRMATIONS);
		a.miner.isHeld = true;
		await cluster.vote(a, 1);
		expect(a.miner.isBusy).toBe(true);
		a.node.setMining(false);
		expect(a.miner.isBusy).toBe(false);
		expect(a.node.snapshot().mining.active).toBe(false);
	});

	it('does not mine for ballots that no block can record any more', async () => {
		const closesAt = new Date(1_000_000_000 + 5_000).toISOString();
		const cluster = new Cluster({ changes: { closesAt } });
		const a = await cluster.start();
		await cluster.vote(a, 0);
		await cluster.advance(5_000);
		a.node.setMining(true);
		await cluster.advance(60_000);
		expect(a.miner.jobs).toEqual([]);
		expect(a.node.snapshot()).toMatchObject({ phase: 'closed', height: 0 });
		expect(a.node.pending()).toHaveLength(1);
	});
});

describe('the job', () => {
	it('is replaced at once by a transaction, and by those that follow in a rush all together', async () => {
		const cluster = new Cluster();
		const a = await cluster.start({ mining: true });
		a.miner.isHeld = true;
		await cluster.vote(a, 0);
		const first = lastHeader(a);
		await cluster.advance(TEMPLATE_GATHER_MS);
		await cluster.vote(a, 1);
		expect(a.miner.jobs).toHaveLength(2);
		expect(lastHeader(a)).toMatchObject({ height: 1, previousHash: first.previousHash });
		expect(lastHeader(a).merkleRoot).not.toBe(first.merkleRoot);

		for (const voter of [2, 3, 4]) await cluster.vote(a, voter);
		await cluster.advance(TEMPLATE_GATHER_MS - 1);
		expect(a.miner.jobs).toHaveLength(2);
		await cluster.advance(1);
		expect(a.miner.jobs).toHaveLength(3);
		a.miner.release();
		await cluster.settle();
		expect(a.node.ballots().map(({ height }) => height)).toEqual([1, 1, 1, 1, 1]);
	});

	it('is replaced seldom in a burst, and never late', async () => {
		const cluster = new Cluster({ voters: 60 });
		const a = await cluster.start({ mining: true });
		a.miner.isHeld = true;
		const startedAt = cluster.now;
		for (let voter = 0; voter < 60; voter++) {
			await cluster.vote(a, voter);
			const jobs = a.miner.jobs.length;
			await cluster.advance(7);
			// Whatever came is in a job that is no older, at most so long after it came.
			if (a.miner.jobs.length === jobs) expect(cluster.now - lastHeader(a).timestamp).toBeLessThan(TEMPLATE_GATHER_MS);
		}
		expect(a.miner.jobs.length).toBeLessThanOrEqual((cluster.now - startedAt) / TEMPLATE_GATHER_MS + 1);
		await cluster.advance(TEMPLATE_GATHER_MS);
		a.miner.release();
		await cluster.settle();
		expect(a.node.ballots().filter(({ height }) => height === 1)).toHaveLength(60);
	});

	it('is replaced by transactions after a clock was set back', async () => {
		const cluster = new Cluster();
		const a = await cluster.start({ mining: true });
		a.miner.isHeld = true;
		await cluster.vote(a, 0);
		a.tab.offsetMs = -60_000;
		await cluster.vote(a, 1);
		await cluster.advance(TEMPLATE_GATHER_MS);
		expect(a.miner.jobs).toHaveLength(2);
	});

	it('is replaced at once by a new tip and the time', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		a.node.setMining(true);
		a.miner.isHeld = true;
		for (const voter of [0, 1, 2, 3]) await cluster.vote(b, voter);
		await cluster.advance(GATHER_MS + TEMPLATE_GATHER_MS);
		const renewedAt = lastHeader(a).timestamp + TEMPLATE_REFRESH_MS;
		await cluster.advance(renewedAt - cluster.now);
		expect(lastHeader(a)).toMatchObject({ height: 1, timestamp: renewedAt });

		const block = cluster.harness.mine();
		const jobs = a.miner.jobs.length;
		await cluster.done(b.node.addBlock(blockToJson(block.block, block.hash)));
		expect(a.miner.jobs.length).toBeGreaterThan(jobs);
		expect(lastHeader(a)).toMatchObject({ height: 2, previousHash: block.hash });
		a.miner.isHeld = false;
		a.miner.release();
		await cluster.settle();
		expect(agreement(a)).toEqual(agreement(b));
		expect(a.node.results().ballots).toBe(4);
	});

	it('starts its search elsewhere each time', async () => {
		const cluster = new Cluster();
		const a = await cluster.start({ mining: true });
		a.miner.isHeld = true;
		await cluster.vote(a, 0);
		await cluster.advance(10 * TEMPLATE_REFRESH_MS);
		const nonces = a.miner.jobs.map(({ header }) => decodeHeader(header).nonce);
		expect(nonces.length).toBeGreaterThan(9);
		expect(new Set(nonces).size).toBe(nonces.length);
	});

	it('counts hashes since the height was begun', async () => {
		const cluster = new Cluster();
		const a = await cluster.start({ mining: true });
		a.miner.isHeld = true;
		await cluster.vote(a, 0);
		a.miner.onProgress?.({ hashes: 700, hashRate: 350 });
		expect(a.node.snapshot().mining).toMatchObject({ active: true, hashes: 700, hashRate: 350 });
		a.miner.release();
		await cluster.settle();
		expect(a.node.snapshot()).toMatchObject({ height: 1, mining: { active: true, hashes: 0 } });
		a.miner.onProgress?.({ hashes: 720, hashRate: 400 });
		expect(a.node.snapshot().mining).toMatchObject({ hashes: 20, hashRate: 400 });
	});
});

describe('mining on request', () => {
	it('mines one block and no more', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0);
		const mined = await cluster.done(a.node.mine());
		expect(mined).toEqual({ height: 1, hash: a.node.snapshot().tip });
		await cluster.advance(60_000);
		expect(a.node.snapshot()).toMatchObject({ height: 1, mining: { active: false } });
	});

	it('has nothing to do when nothing is pending', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		expect(await cluster.done(a.node.mine())).toBeNull();
		expect(a.miner.jobs).toEqual([]);
	});

	it('answers several callers with the one block', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0);
		const [one, two] = await cluster.done(Promise.all([a.node.mine(), a.node.mine()]));
		expect(one).toMatchObject({ height: 1 });
		expect(two).toEqual(one);
		expect(a.node.snapshot().height).toBe(1);
	});

	it('answers null when another node records everything first', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		await cluster.vote(a, 0);
		a.miner.isHeld = true;
		const mining = a.node.mine();
		await cluster.mine(b);
		expect(await cluster.done(mining)).toBeNull();
		expect(a.miner.isBusy).toBe(false);
	});

	it('goes on when its block comes second, and says which one it made in the end', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0);
		a.miner.isHeld = true;
		const mining = a.node.mine();
		await cluster.settle();
		// Both in one turn: the other block is in the queue when ours is found.
		const rival = cluster.harness.mine(cluster.harness.genesis, [], { timestamp: cluster.now });
		const adding = a.node.addBlock(blockToJson(rival.block, rival.hash));
		a.miner.release();
		a.miner.isHeld = false;
		expect(await cluster.done(adding)).toEqual({ accepted: true });
		const mined = await cluster.done(mining);
		expect(mined).toEqual({ height: 2, hash: a.node.snapshot().tip });
		expect(a.node.results().ballots).toBe(1);
	});
});

describe('failures', () => {
	it.each(['worker-failed', 'insecure-context'] as const)('pauses after %s, then goes on', async (code) => {
		const cluster = new Cluster();
		const a = await cluster.start({ mining: true });
		a.miner.fault = new PollenError(code);
		await cluster.vote(a, 0);
		expect(a.miner.jobs).toHaveLength(1);
		expect(a.node.snapshot().mining.active).toBe(false);
		a.miner.fault = undefined;
		await cluster.advance(PAUSE_MS - 1);
		expect(a.miner.jobs).toHaveLength(1);
		await cluster.advance(1);
		expect(a.node.snapshot().height).toBe(CONFIRMATIONS);
	});

	it('tells whoever asked for a block', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0);
		a.miner.fault = new PollenError('worker-failed');
		expect(await cluster.refusal(a.node.mine())).toBe('worker-failed');
	});

	it('keeps the ballot when the block cannot be stored', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0);
		const repair = failWrites(a.disk);
		expect(await cluster.refusal(a.node.mine())).toBe('storage-full');
		expect(a.node.snapshot()).toMatchObject({ height: 0, storageError: 'storage-full' });
		expect(a.node.pending()).toHaveLength(1);
		repair();
		await cluster.advance(PAUSE_MS);
		expect(await cluster.done(a.node.mine())).toMatchObject({ height: 1 });
		expect(a.node.snapshot().storageError).toBeUndefined();
	});
});
