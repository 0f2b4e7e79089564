import { describe, expect, it } from 'vitest';
import { addAll, addHeaders, LedgerHarness, refusalOf, stateOf } from '../../../tests/support/ledgerHarness';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import { transactionId } from '../election/transaction';
import { resultsOf } from '../election/tally';
import { PollenError } from '../errors/pollenError';
import type { ProofVerifier } from '../proofs/port';

describe('a chain', () => {
	it('grows block by block, and the tally with it', async () => {
		const harness = new LedgerHarness();
		const ballots = [await harness.ballot(0, [1]), await harness.ballot(1, [2]), await harness.ballot(2, [1])];
		const chain = harness.mineChain(harness.genesis, 4, ballots);
		const { ledger, tipChanges, commits } = await harness.open();
		for (const { block } of chain) expect(await ledger.addBlock(block)).toBe('connected');
		expect(resultsOf(ledger.core.state)).toMatchObject({
			ballots: 3,
			contests: [{ options: [{ votes: 0 }, { votes: 2 }, { votes: 1 }] }]
		});
		expect(stateOf(ledger)).toMatchObject({ tip: chain[3]?.hash, height: 4, work: 4n });
		expect(tipChanges.map(({ connected }) => connected.map(({ hash }) => hash))).toEqual(
			chain.map(({ hash }) => [hash])
		);
		expect(commits.map(({ durability, change }) => [durability, change.tip])).toEqual(
			chain.map(({ hash }) => ['strict', hash])
		);
	});

	it('knows a block that it has, on the main chain or beside it, and does not write it again', async () => {
		const harness = new LedgerHarness();
		const main = harness.mineChain(harness.genesis, 2);
		const side = harness.mine();
		const { ledger, commits } = await harness.openWith([...main, side]);
		const written = commits.length;
		for (const { block } of [...main, side]) expect(await ledger.addBlock(block)).toBe('known');
		expect(commits).toHaveLength(written);
	});

	it('takes blocks that come at once in few storage transactions, 64 a step', async () => {
		const harness = new LedgerHarness();
		const chain = harness.mineChain(harness.genesis, 130, await harness.ballots(5));
		const { ledger, commits, statistics } = await harness.open();
		const outcomes = await Promise.all(chain.map(({ block }) => ledger.addBlock(block)));
		expect(new Set(outcomes)).toEqual(new Set(['connected']));
		expect(commits.map(({ change }) => change.putBlocks?.length)).toEqual([64, 64, 2]);
		expect(commits[0]?.durability).toBe('relaxed');
		expect(statistics).toMatchObject({ batches: 1, verified: 5 });
	});

	it('gives two offers of one block in one batch the same judgement', async () => {
		const harness = new LedgerHarness();
		const good = harness.mine();
		const bad = harness.mine(good, [{ ...(await harness.ballot(0, [0])), choices: [1] }]);
		const { ledger } = await harness.open();
		const goods = Promise.all([ledger.addBlock(good.block), ledger.addBlock(good.block)]);
		const bads = Promise.all([refusalOf(ledger.addBlock(bad.block)), refusalOf(ledger.addBlock(bad.block))]);
		expect(await goods).toEqual(['connected', 'known']);
		expect(await bads).toEqual(['bad-proof', 'bad-proof']);
	});

	it('keeps on disk what came in one batch with it and is not part of it', async () => {
		const harness = new LedgerHarness();
		const main = harness.mineChain(harness.genesis, 2);
		const side = harness.mineChain(harness.genesis, 3, await harness.ballots(3));
		const { ledger, commits, disk } = await harness.open();
		const offers = [...main, side[0]!].map(({ block }) => ledger.addBlock(block));
		expect(await Promise.all(offers)).toEqual(['connected', 'connected', 'stored']);
		expect(commits).toHaveLength(1);
		expect(disk.elections.get(harness.electionId)?.blocks.get(side[0]!.hash)).toMatchObject({ valid: false });
		await addAll(ledger, side.slice(1));
		expect(ledger.core.tip.hash).toBe(side[2]!.hash);
	});

	it('waits for missing bodies of known headers, and connects all when the last arrives', async () => {
		const harness = new LedgerHarness();
		const chain = harness.mineChain(harness.genesis, 5, await harness.ballots(5));
		const { ledger, commits } = await harness.open();
		await addHeaders(
			ledger,
			chain.map(({ header }) => header)
		);
		expect(ledger.core.tree.best.hash).toBe(chain[4]?.hash);
		for (const { block } of chain.slice(1).reverse()) expect(await ledger.addBlock(block)).toBe('stored');
		expect(ledger.core.tip).toBe(ledger.core.tree.genesis);
		expect(await ledger.addBlock(chain[0]!.block)).toBe('connected');
		expect(stateOf(ledger).digest).toBe(harness.replay(chain[4]!).digest());
		expect(commits.at(-1)?.change).toMatchObject({ tip: chain[4]?.hash });
	});

	it('keeps the headers before the first that is refused', async () => {
		const harness = new LedgerHarness();
		const first = harness.mine();
		const second = harness.mine(first, [], { timestamp: first.header.timestamp });
		const { ledger } = await harness.open();
		expect(await refusalOf(addHeaders(ledger, [first.header, second.header]))).toBe('bad-time');
		expect(ledger.core.tree.has(first.hash)).toBe(true);
		expect(ledger.core.tree.has(second.hash)).toBe(false);
		expect((await addHeaders(ledger, [first.header])).map(({ hash }) => hash)).toEqual([first.hash]);
	});
});

describe('a fork', () => {
	it('keeps the branch received first while work is equal, and takes the other once it has more', async () => {
		const harness = new LedgerHarness();
		const common = harness.mine();
		const first = harness.mineChain(common, 2);
		const second = harness.mineChain(common, 3);
		const { ledger, tipChanges } = await harness.openWith([common, ...first]);
		for (const { block } of second.slice(0, 2)) expect(await ledger.addBlock(block)).toBe('stored');
		expect(ledger.core.tip.hash).toBe(first[1]?.hash);
		expect(await ledger.addBlock(second[2]!.block)).toBe('connected');
		expect(ledger.core.tip.hash).toBe(second[2]?.hash);
		const { disconnected, connected } = tipChanges.at(-1)!;
		expect(disconnected.map(({ hash }) => hash)).toEqual([first[1]?.hash, first[0]?.hash]);
		expect(connected.map(({ hash }) => hash)).toEqual(second.map(({ hash }) => hash));
	});

	it('goes by work, not by length', async () => {
		const harness = new LedgerHarness({ changes: { initialDifficulty: 16 } });
		const slow = harness.mineChain(harness.genesis, 20);
		let quick = harness.mine();
		const hurried = [quick];
		while (hurried.length < 19) {
			quick = harness.mine(quick, [], { timestamp: quick.header.timestamp + 1 });
			hurried.push(quick);
		}
		const { ledger } = await harness.openWith([...slow, ...hurried]);
		expect(ledger.core.tip.header.height).toBe(19);
		expect(ledger.core.tip.hash).toBe(quick.hash);
	});

	it('gives the ballots of the losing branch back to the mempool, where they are mined again', async () => {
		const harness = new LedgerHarness();
		const lost = await harness.ballots(3);
		const both = await harness.ballot(3);
		const losing = harness.mine(harness.genesis, [...lost, both]);
		const winning = harness.mineChain(harness.genesis, 2, [both]);
		const { ledger, admitted, tipChanges, disk, statistics } = await harness.openWith([losing, ...winning]);
		expect(stateOf(ledger).pending).toEqual(lost.map(transactionId));
		expect(tipChanges.at(-1)?.returned.map(({ id }) => id)).toEqual(lost.map(transactionId));
		expect(admitted).toEqual(lost.map(transactionId));
		expect(statistics.verified).toBe(4);
		expect(await harness.afterRestart(disk)).toEqual({
			...stateOf(ledger),
			pending: expect.arrayContaining(lost.map(transactionId))
		});

		await ledger.addBlock(harness.mine(winning[1], lost).block);
		expect(stateOf(ledger).pending).toEqual([]);
		expect(ledger.core.state.ballots.size).toBe(4);
		expect(statistics.verified).toBe(4);
		expect((await harness.afterRestart(disk)).pending).toEqual([]);
	});

	it('with a double vote across its branches counts only that of the winning one, and drops the other', async () => {
		const harness = new LedgerHarness();
		const here = await harness.ballot(0, [0]);
		const there = await harness.ballot(0, [2]);
		const losing = harness.mine(harness.genesis, [here]);
		const winning = harness.mineChain(harness.genesis, 2, [there]);
		const { ledger } = await harness.openWith([losing, ...winning]);
		expect(stateOf(ledger)).toMatchObject({ votes: [[0, 0, 1]], pending: [] });
		expect(await refusalOf(ledger.addTransaction(here, 'strict'))).toBe('duplicate-nullifier');

		await addAll(ledger, harness.mineChain(losing, 2));
		expect(stateOf(ledger)).toMatchObject({ votes: [[1, 0, 0]], pending: [] });
	});

	it('drops a pending ballot whose credential a block used for another choice', async () => {
		const harness = new LedgerHarness();
		const pending = await harness.ballot(0, [0]);
		const { ledger, disk } = await harness.open();
		await ledger.addTransaction(pending, 'strict');
		await ledger.addBlock(harness.mine(harness.genesis, [await harness.ballot(0, [1])]).block);
		expect(stateOf(ledger)).toMatchObject({ votes: [[0, 1, 0]], pending: [] });
		expect(disk.elections.get(harness.electionId)?.transactions.size).toBe(0);
	});

	it('mempool_reorg: of 200 blocks is resolved in one storage transaction, and back again without a proof', async () => {
		const harness = new LedgerHarness({ voters: 40 });
		const ballots = await harness.ballots(40);
		const main = harness.mineChain(harness.genesis, 200, ballots.slice(0, 30));
		const side = harness.mineChain(harness.genesis, 201, ballots.slice(20));
		const { ledger, commits, tipChanges, statistics } = await harness.openWith([...main, ...side.slice(0, 200)]);
		const before = commits.length;
		await ledger.addBlock(side[200]!.block);
		expect(commits).toHaveLength(before + 1);
		expect(tipChanges.at(-1)).toMatchObject({ disconnected: { length: 200 }, connected: { length: 201 } });
		expect(stateOf(ledger)).toMatchObject({ digest: harness.replay(side[200]!).digest(), pending: { length: 20 } });
		expect(statistics.verified).toBe(40);

		const longer = harness.mineChain(main[199]!, 2);
		await addAll(ledger, longer);
		expect(commits.at(-1)?.change.putBlocks).toHaveLength(2);
		expect(stateOf(ledger)).toMatchObject({ digest: harness.replay(longer[1]!).digest(), pending: { length: 10 } });
		expect(statistics.verified).toBe(40);
	});

	it('with a broken rule inside falls back to the best chain without it, and throws out what built on it', async () => {
		const harness = new LedgerHarness();
		const [good, bad] = [await harness.ballot(0), { ...(await harness.ballot(1, [1])), choices: [2] }];
		const main = harness.mineChain(harness.genesis, 2, [await harness.ballot(2)]);
		const side = harness.mineChain(harness.genesis, 3, [good]);
		const broken = harness.mine(side[2], [bad]);
		const after = harness.mineChain(broken, 3);
		const { ledger, disk } = await harness.openWith(main);
		await addHeaders(
			ledger,
			[...side, broken, ...after].map(({ header }) => header)
		);
		for (const { block } of [broken, ...after, ...side.slice(1)]) expect(await ledger.addBlock(block)).toBe('stored');
		expect(await ledger.addBlock(side[0]!.block)).toBe('connected');
		expect(ledger.core.tip.hash).toBe(side[2]?.hash);
		expect(stateOf(ledger).pending).toHaveLength(1);
		const stored = disk.elections.get(harness.electionId)!.blocks;
		expect([...stored.keys()].sort()).toEqual([...main, ...side].map(({ hash }) => hash).sort());
		for (const { block } of [broken, ...after]) expect(await refusalOf(ledger.addBlock(block))).toBe('invalid-parent');
		expect(await refusalOf(addHeaders(ledger, [harness.mine(after[2]).header]))).toBe('invalid-parent');
	});
});

describe('a proof', () => {
	it('is verified once, through mempool, block, reorg and back', async () => {
		const harness = new LedgerHarness();
		const ballots = await harness.ballots(5);
		const { ledger, statistics } = await harness.open();
		await Promise.all(ballots.slice(0, 3).map((ballot) => ledger.addTransaction(ballot, 'strict')));
		expect(statistics).toMatchObject({ verified: 3, batches: 1 });
		const first = harness.mine(harness.genesis, ballots);
		await ledger.addBlock(first.block);
		expect(statistics).toMatchObject({ verified: 5, batches: 2 });
		const second = harness.mineChain(harness.genesis, 2, ballots);
		await addAll(ledger, second);
		await Promise.all(ballots.slice(2).map((ballot) => ledger.addTransaction(ballot, 'strict')));
		await addAll(ledger, harness.mineChain(first, 2));
		expect(stateOf(ledger)).toMatchObject({ height: 3, votes: [[2, 2, 1]], pending: [] });
		expect(statistics).toMatchObject({ verified: 5, batches: 2 });
	});

	it('that could not be verified because the worker failed changes nothing, and the block is taken later', async () => {
		const harness = new LedgerHarness();
		const block = harness.mine(harness.genesis, [await harness.ballot(0)]);
		const child = harness.mine(block);
		const ballot = await harness.ballot(1);
		const { verifier, repair } = breakable(fakeProofs()(harness.proofContext));
		const { ledger, commits, storageEvents } = await harness.open({ verifier });
		const before = stateOf(ledger);
		const offers = [
			ledger.addBlock(block.block),
			ledger.addBlock(child.block),
			ledger.addTransaction(ballot, 'strict')
		];
		expect(await Promise.all(offers.map(refusalOf))).toEqual(Array(3).fill('worker-failed'));
		expect(stateOf(ledger)).toEqual(before);
		expect(commits).toEqual([]);
		expect(storageEvents).toEqual([]);

		repair();
		await addAll(ledger, [block, child]);
		expect(await ledger.addTransaction(ballot, 'strict')).toBe('added');
		expect(stateOf(ledger)).toMatchObject({ tip: child.hash, pending: { length: 1 } });
	});

	it('that could not be verified for stored blocks is tried again when asked, or with any next block', async () => {
		const harness = new LedgerHarness();
		const chain = harness.mineChain(harness.genesis, 70, await harness.ballots(1));
		const late = harness.mine(chain[68], [await harness.ballot(1)]);
		for (const wakeUp of ['catchUp', 'known block'] as const) {
			const { verifier, repair } = breakable(fakeProofs()(harness.proofContext), 1);
			const { ledger } = await harness.open({ verifier });
			await addHeaders(
				ledger,
				[...chain.slice(0, 69), late].map(({ header }) => header)
			);
			await addAll(ledger, [...chain.slice(1, 69), late]);
			// The first step of 64 blocks succeeds and saves all; the second fails.
			expect(await ledger.addBlock(chain[0]!.block)).toBe('connected');
			expect(ledger.core.tip.header.height).toBe(64);
			expect(await refusalOf(ledger.catchUp())).toBe('worker-failed');
			repair();
			if (wakeUp === 'catchUp') await ledger.catchUp();
			else expect(await ledger.addBlock(chain[5]!.block)).toBe('known');
			expect(ledger.core.tip.hash).toBe(late.hash);
		}
	});
});

/** A verifier that works `calls` times and then fails until it is repaired. */
function breakable(working: ProofVerifier, calls = 0): { verifier: ProofVerifier; repair(): void } {
	let left = calls;
	return {
		verifier: {
			...working,
			verify: (statements) =>
				left-- > 0 ? working.verify(statements) : Promise.reject(new PollenError('worker-failed'))
		},
		repair: () => (left = Number.POSITIVE_INFINITY)
	};
}
