import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addAll, addHeaders, LedgerHarness, stateOf, type MinedBlock } from '../../../tests/support/ledgerHarness';
import type { Nullifier } from '../bytes/hash';
import { workOf } from '../chain/work';
import type { Ballot } from '../election/transaction';

const VOTERS = 4;

interface Pick {
	readonly parent: number;
	readonly voters: readonly number[];
	readonly choice: number;
	readonly solveTimeMs: number;
}

const picks = fc.array(
	fc.record({
		parent: fc.nat(),
		voters: fc.uniqueArray(fc.nat({ max: VOTERS - 1 }), { maxLength: 2 }),
		choice: fc.nat({ max: 2 }),
		// Short and long ones, so that branches differ in work and not only in length.
		solveTimeMs: fc.constantFrom(1, 1_000, 60_000)
	}),
	{ minLength: 1, maxLength: 20 }
);

interface Tree {
	readonly harness: LedgerHarness;
	/** Parents before children; every block is valid on its branch. */
	readonly blocks: readonly MinedBlock[];
	/** The only one with the most work. */
	readonly best: MinedBlock;
	readonly ballots: readonly Ballot[];
}

async function growTree(choices: readonly Pick[]): Promise<Tree> {
	const harness = new LedgerHarness({ voters: VOTERS, changes: { initialDifficulty: 16 } });
	const blocks: MinedBlock[] = [];
	const work = new Map([[harness.genesis.hash, 0n]]);
	const used = new Map<string, ReadonlySet<Nullifier>>([[harness.genesis.hash, new Set()]]);
	const grow = async (parent: MinedBlock | undefined, pick: Omit<Pick, 'parent'>) => {
		const on = parent ?? harness.genesis;
		const drawn = await Promise.all(pick.voters.map((voter) => harness.ballot(voter, [pick.choice])));
		const before = used.get(on.hash) ?? new Set();
		const ballots = drawn.filter(({ nullifier }) => !before.has(nullifier));
		const block = harness.mine(on, ballots, { timestamp: on.header.timestamp + pick.solveTimeMs });
		blocks.push(block);
		work.set(block.hash, (work.get(on.hash) ?? 0n) + workOf(block.header.target));
		used.set(block.hash, new Set([...before, ...ballots.map(({ nullifier }) => nullifier)]));
		return block;
	};
	for (const { parent, ...pick } of choices) {
		const index = parent % (blocks.length + 1);
		await grow(index === 0 ? undefined : blocks[index - 1], pick);
	}
	const strongest = blocks.reduce((a, b) => ((work.get(b.hash) ?? 0n) > (work.get(a.hash) ?? 0n) ? b : a));
	const best = await grow(strongest, { voters: [], choice: 0, solveTimeMs: 1_000 });
	return { harness, blocks, best, ballots: await harness.ballots(VOTERS) };
}

/** Sorts by random keys; the same keys give the same order. */
function shuffled<T>(items: readonly T[], keys: readonly number[]): T[] {
	return items
		.map((item, index) => ({ item, key: keys[index % keys.length] ?? 0 }))
		.sort((a, b) => a.key - b.key)
		.map(({ item }) => item);
}

/** A random order in which every parent stands before its children. */
function parentsFirst(blocks: readonly MinedBlock[], keys: readonly number[]): MinedBlock[] {
	const rest = shuffled(blocks, keys);
	const placed = new Set<string>();
	const order: MinedBlock[] = [];
	while (rest.length > 0) {
		const index = rest.findIndex(({ parent }) => parent.parent === undefined || placed.has(parent.hash));
		const [next] = rest.splice(index, 1);
		if (!next) break;
		placed.add(next.hash);
		order.push(next);
	}
	return order;
}

const orders = fc.array(fc.nat(), { minLength: 24, maxLength: 24 });

async function expectSameAsReplay(
	{ harness, best, ballots }: Tree,
	opened: Awaited<ReturnType<LedgerHarness['open']>>
) {
	const state = stateOf(opened.ledger);
	expect(state).toMatchObject({ tip: best.hash, digest: harness.replay(best).digest() });
	// No ballot that was offered is lost: its credential's vote is counted or pending.
	for (const { nullifier } of ballots) {
		const { core } = opened.ledger;
		expect(core.state.ballots.has(nullifier) !== (core.mempool.withKey(`ballot ${nullifier}`) !== undefined)).toBe(
			true
		);
	}
	const restarted = await harness.afterRestart(opened.disk);
	expect({ ...restarted, pending: restarted.pending.sort() }).toEqual({ ...state, pending: state.pending.sort() });
}

it('any order of arrival, parents first, gives the tip, tally and state of a replay, and loses no ballot', async () => {
	await fc.assert(
		fc.asyncProperty(picks, orders, async (choices, keys) => {
			const tree = await growTree(choices);
			const opened = await tree.harness.open();
			const offers = tree.ballots.map((ballot) => () => opened.ledger.addTransaction(ballot, 'relaxed'));
			const arrivals = parentsFirst(tree.blocks, keys).map(
				({ block }) =>
					() =>
						opened.ledger.addBlock(block)
			);
			const [early = 0] = keys;
			for (const [index, arrive] of arrivals.entries()) {
				if (index === early % arrivals.length) await Promise.allSettled(offers.map((offer) => offer()));
				await arrive();
			}
			await expectSameAsReplay(tree, opened);
		}),
		{ numRuns: 60 }
	);
});

it('bodies in any order, one by one or at once, after their headers give the same', async () => {
	await fc.assert(
		fc.asyncProperty(picks, orders, orders, fc.boolean(), async (choices, headerKeys, bodyKeys, atOnce) => {
			const tree = await growTree(choices);
			const opened = await tree.harness.open();
			await addHeaders(
				opened.ledger,
				parentsFirst(tree.blocks, headerKeys).map(({ header }) => header)
			);
			await Promise.all(tree.ballots.map((ballot) => opened.ledger.addTransaction(ballot, 'relaxed')));
			const bodies = shuffled(tree.blocks, bodyKeys);
			if (atOnce) await Promise.all(bodies.map(({ block }) => opened.ledger.addBlock(block)));
			else await addAll(opened.ledger, bodies);
			await expectSameAsReplay(tree, opened);
		}),
		{ numRuns: 60 }
	);
});
