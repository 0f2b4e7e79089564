import { describe, expect, it } from 'vitest';
import { agreement, Cluster, type ClusterNode } from '../../../tests/support/cluster';
import { diskImage, failWrites } from '../../../tests/support/ledgerHarness';
import type { BlockJson } from '../election/json';
import { transactionToJson } from '../election/json';
import { PollenError } from '../errors/pollenError';
import { MAX_LABEL_CHARACTERS } from '../wire/limits';
import { PAUSE_MS } from './limits';

describe('transactions and blocks as JSON', () => {
	it('carries a chain and what is pending from one node to another by hand', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0);
		await cluster.mine(a);
		await cluster.vote(a, 1);
		await cluster.mine(a);
		await cluster.vote(a, 2);
		const b = await cluster.start();
		const blocks = JSON.parse(JSON.stringify(await a.node.blocks())) as BlockJson[];
		for (const block of blocks.slice(1)) expect(await cluster.done(b.node.addBlock(block))).toEqual({ accepted: true });
		for (const transaction of JSON.parse(JSON.stringify(a.node.pending())) as unknown[]) {
			expect(await cluster.done(b.node.submit(transaction))).toEqual({ accepted: true });
		}
		expect(agreement(b)).toEqual(agreement(a));
		expect(b.node.pending()).toEqual(a.node.pending());
		expect(await b.node.blocks()).toEqual(blocks);
	});

	it('gives blocks from genesis to tip, each linked to the one before, and any part of them', async () => {
		const cluster = new Cluster();
		const chain = cluster.harness.mineChain(cluster.harness.genesis, 5, [await cluster.ballot(0)]);
		const a = await cluster.start({ disk: await cluster.diskWith(chain) });
		const blocks = await a.node.blocks();
		expect(blocks.map(({ height }) => height)).toEqual([0, 1, 2, 3, 4, 5]);
		expect(blocks[0]).toMatchObject({ hash: cluster.harness.electionId, transactions: [] });
		for (let i = 1; i < blocks.length; i++) expect(blocks[i]?.previousHash).toBe(blocks[i - 1]?.hash);
		expect(blocks.at(-1)?.hash).toBe(a.node.snapshot().tip);
		expect(blocks[1]?.transactions).toEqual([transactionToJson(await cluster.ballot(0))]);
		expect(await a.node.blocks(2, 2)).toEqual(blocks.slice(2, 4));
		expect(await a.node.blocks(5)).toEqual(blocks.slice(5));
		expect(await a.node.blocks(6)).toEqual([]);
		expect(await a.node.blocks(-2, 3)).toEqual(blocks.slice(0, 3));
		expect(await a.node.blocks(1, 0)).toEqual([]);
	});

	it.each([undefined, null, 7, 'text', [], {}, { kind: 'ballot' }, { transactions: 'none' }, { height: -1 }])(
		'refuses %j as bad-encoding',
		async (junk) => {
			const cluster = new Cluster();
			const a = await cluster.start();
			const before = diskImage(a.disk);
			expect(await cluster.done(a.node.submit(junk))).toEqual({ accepted: false, code: 'bad-encoding' });
			expect(await cluster.done(a.node.addBlock(junk))).toEqual({ accepted: false, code: 'bad-encoding' });
			expect(diskImage(a.disk)).toEqual(before);
		}
	);

	it('says why a transaction is refused', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const json = transactionToJson(await cluster.ballot(0, [0]));
		const submit = (transaction: unknown) => cluster.done(a.node.submit(transaction));
		expect(await submit({ ...json, choices: [1] })).toEqual({ accepted: false, code: 'bad-proof' });
		expect(await submit({ ...json, choices: [3] })).toEqual({ accepted: false, code: 'unknown-option' });
		expect(await submit({ ...json, choices: [255] })).toEqual({ accepted: false, code: 'no-choice' });
		const other = new Cluster({ changes: { title: 'Another' } });
		expect(await submit(transactionToJson(await other.ballot(0)))).toEqual({ accepted: false, code: 'bad-proof' });
		expect(await submit(json)).toEqual({ accepted: true });
		expect(await submit(json)).toEqual({ accepted: true });
		const second = transactionToJson(await cluster.ballot(0, [2]));
		expect(await submit(second)).toEqual({ accepted: false, code: 'duplicate-nullifier' });
		await cluster.mine(a);
		expect(await submit(second)).toEqual({ accepted: false, code: 'duplicate-nullifier' });
		const repair = failWrites(a.disk);
		expect(await submit(transactionToJson(await cluster.ballot(1)))).toEqual({ accepted: false, code: 'storage-full' });
		repair();
		expect(a.node.results().ballots).toBe(1);
	});

	it('says why a block is refused', async () => {
		const cluster = new Cluster();
		const source = await cluster.start();
		await cluster.vote(source, 0);
		await cluster.mine(source);
		await cluster.mine(source);
		const [, good] = (await source.node.blocks()) as [BlockJson, BlockJson];
		const a = await cluster.start();
		const add = (changes: Partial<Record<keyof BlockJson, unknown>>) =>
			cluster.done(a.node.addBlock({ ...good, ...changes }));
		const refused = (code: string) => ({ accepted: false, code });
		expect(await add({ height: 2 })).toEqual(refused('bad-height'));
		expect(await add({ version: 2 })).toEqual(refused('bad-encoding'));
		expect(await add({ previousHash: 'ab'.repeat(32) })).toEqual(refused('unknown-parent'));
		expect(await add({ merkleRoot: 'ab'.repeat(32) })).toEqual(refused('bad-merkle-root'));
		expect(await add({ transactions: [] })).toEqual(refused('bad-merkle-root'));
		expect(await add({ timestamp: 0 })).toEqual(refused('bad-time'));
		expect(await add({ timestamp: cluster.now + 60_001 })).toEqual(refused('future-time'));
		expect(await add({ target: `0${good.target.slice(1)}` })).toEqual(refused('bad-target'));
		expect(await add({ nonce: '-1' })).toEqual(refused('bad-encoding'));
		expect(a.node.snapshot().height).toBe(0);
		expect(await add({})).toEqual({ accepted: true });
		expect(await add({})).toEqual({ accepted: true });
	});
});

describe('what a node says of itself', () => {
	it('results, ballots and verification agree with the chain', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		for (const index of [0, 1, 2, 3]) await cluster.vote(a, index, [index === 3 ? 0 : index]);
		await cluster.mine(a);
		expect(a.node.results()).toEqual({
			contests: [
				{
					title: 'Colour',
					options: [
						{ title: 'Red', votes: 2 },
						{ title: 'Green', votes: 1 },
						{ title: 'Blue', votes: 1 }
					]
				}
			],
			ballots: 4,
			eligible: 12,
			enrolled: 12
		});
		expect(
			a.node
				.ballots()
				.map(({ choices }) => choices[0])
				.toSorted()
		).toEqual([0, 0, 1, 2]);
		const verified = a.statistics.verified;
		expect(await a.node.verify()).toEqual({ valid: true, blocks: 2, ballots: 4, problems: [] });
		// Nothing that was found before is believed.
		expect(a.statistics.verified).toBe(verified + 4);
	});

	it('gives snapshots that do not change, with nothing to change in the node', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const before = a.node.snapshot();
		const copy = structuredClone(before);
		await cluster.vote(a, 0);
		await cluster.mine(a);
		await cluster.link(a, await cluster.start());
		expect(before).toEqual(copy);
		expect(a.node.snapshot()).not.toEqual(copy);
		for (const list of [a.node.snapshot().pending, a.node.snapshot().peers]) (list as unknown[]).length = 0;
		expect(a.node.snapshot().peers).toHaveLength(1);
	});

	it('tells listeners once for all changes of a turn, until they unsubscribe', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		let calls = 0;
		const unsubscribe = a.node.subscribe(() => (calls += 1));
		a.node.setMining(true);
		a.node.setMining(false);
		a.node.setMining(true);
		expect(calls).toBe(0);
		await Promise.resolve();
		expect(calls).toBe(1);
		unsubscribe();
		await cluster.vote(a, 0);
		expect(calls).toBe(1);
	});

	it('is told of everything that a page shows', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		let last = a.node.snapshot();
		a.node.subscribe(() => (last = a.node.snapshot()));
		const isCurrent = () => expect(last).toEqual(a.node.snapshot());
		await cluster.vote(a, 0);
		isCurrent();
		await cluster.mine(a);
		isCurrent();
		const b = await cluster.start();
		await cluster.link(b, a);
		isCurrent();
		cluster.hub.setSignalling(false);
		await cluster.settle();
		isCurrent();
		expect(last.signalling).toBe('offline');
		a.node.unlink(b.id);
		await cluster.settle();
		isCurrent();
		await cluster.done(a.node.setLabel('West'));
		isCurrent();
	});
});

describe('the name', () => {
	it.each([
		['North district', 'North district'],
		['  spaces around\t', 'spaces around'],
		['line\nbreak\u0000and\u009fmore', 'line break and more'],
		['half a pair \ud83d', 'half a pair'],
		['\u{1f33b}'.repeat(50), '\u{1f33b}'.repeat(MAX_LABEL_CHARACTERS)],
		['x'.repeat(39) + '  y', 'x'.repeat(39)],
		['', '']
	])('%j becomes %j, is kept, and does not get in the way of a link', async (typed, label) => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.done(a.node.setLabel(typed));
		expect(a.node.snapshot().label).toBe(label);
		const b = await cluster.start();
		await cluster.link(b, a);
		expect(b.node.snapshot().peers).toMatchObject([{ label }]);
		const again = await cluster.restart(a);
		expect(again.node.snapshot().label).toBe(label);
	});

	it('reaches linked peers when it changes', async () => {
		const cluster = new Cluster();
		const [a, b] = [await cluster.start(), await cluster.start()];
		await cluster.link(a, b);
		await cluster.done(b.node.setLabel('South'));
		await cluster.settle();
		expect(a.node.snapshot().peers).toMatchObject([{ label: 'South', state: 'linked' }]);
	});

	it('does not believe what is stored', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		a.disk.settings.set('label', 'bell\u0007');
		const again = await cluster.restart(a);
		await cluster.link(again, await cluster.start());
		expect(again.node.snapshot().label).toBe('bell');
	});

	it('stays as it was when it cannot be stored', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		failWrites(a.disk);
		expect(await cluster.refusal(a.node.setLabel('East'))).toBe('storage-full');
		expect(a.node.snapshot().label).toBe('');
	});
});

it('four nodes, of which one comes late and one is restarted, hold one election', async () => {
	const cluster = new Cluster({ maxMiningMs: 900, faults: { minDelayMs: 1, maxDelayMs: 40 } });
	const [a, b, c] = [
		await cluster.start({ mining: true }),
		await cluster.start({ mining: true }),
		await cluster.start({ mining: true })
	];
	await cluster.advance(100);
	const links = [a.node.link(b.id), c.node.link(b.id)];
	await cluster.advance(1_000);
	await cluster.done(Promise.all(links));
	for (const index of [0, 1, 2, 3, 4, 5]) {
		await cluster.vote([a, b, c][index % 3] as ClusterNode, index);
		await cluster.advance(5_000);
	}
	const restarted = await cluster.restart(b, { mining: true });
	const late = await cluster.start({ mining: true });
	await cluster.advance(100);
	const linking = late.node.link(c.id);
	await cluster.advance(1_000);
	await cluster.done(linking);
	await cluster.vote(late, 6);
	await cluster.advance(120_000);
	for (const node of [a, c, restarted, late]) {
		expect(agreement(node)).toEqual(agreement(a));
		expect(node.node.snapshot()).toMatchObject({ pending: [], mining: { active: false } });
		expect(await node.node.verify()).toMatchObject({ valid: true, ballots: 7 });
	}
	expect(a.node.results().ballots).toBe(7);
});

it('takes up pending ballots of the last session once the verifier works, and until then keeps them', async () => {
	const cluster = new Cluster();
	const a = await cluster.start();
	await cluster.vote(a, 0);
	let isBroken = true;
	const again = await cluster.restart(a, {
		proofs: (fake) => ({
			...fake,
			verify: (statements) => (isBroken ? Promise.reject(new PollenError('worker-failed')) : fake.verify(statements))
		})
	});
	expect(again.node.pending()).toEqual([]);
	await cluster.advance(PAUSE_MS);
	expect(again.node.pending()).toEqual([]);
	isBroken = false;
	await cluster.advance(PAUSE_MS);
	expect(again.node.pending()).toHaveLength(1);
});
