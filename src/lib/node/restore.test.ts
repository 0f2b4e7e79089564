import { describe, expect, it } from 'vitest';
import {
	addAll,
	copyDisk,
	diskImage,
	failWrites,
	instantWork,
	LedgerHarness,
	refusalOf,
	START_MS,
	stateOf,
	type MinedBlock
} from '../../../tests/support/ledgerHarness';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import type { BlockHash, TransactionId } from '../bytes/hash';
import { ManualClock } from '../clock/manualClock';
import { encodeBlock } from '../election/block';
import { encodeTransaction, transactionId } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { MemoryDisk, MemoryElection } from '../storage/memoryDisk';
import type { StoredBlock } from '../storage/port';
import { verifyChain } from './chainRecord';

const harness = new LedgerHarness({ voters: 8 });

/** A disk with a main chain of six blocks with ballots 0 to 4, a side branch of two, and ballot 6 pending. */
async function usedDisk(): Promise<{
	disk: MemoryDisk;
	main: MinedBlock[];
	side: MinedBlock[];
	stored: MemoryElection;
}> {
	const main = harness.mineChain(harness.genesis, 6, await harness.ballots(5));
	const side = harness.mineChain(main[1]!, 2, [await harness.ballot(5)]);
	const { disk, ledger } = await harness.openWith([...main, ...side]);
	await ledger.addTransaction(await harness.ballot(6), 'strict');
	return { disk, main, side, stored: disk.elections.get(harness.electionId)! };
}

function change(stored: MemoryElection, { hash }: MinedBlock, change: Partial<StoredBlock>): void {
	stored.blocks.set(hash, { ...stored.blocks.get(hash)!, ...change });
}

const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe('a restart', () => {
	it('comes back at the same tip with the same ballots, and proves only what is pending', async () => {
		const { disk, main } = await usedDisk();
		const before = diskImage(disk);
		const { ledger, statistics, commits, admitted } = await harness.open({ disk });
		expect(ledger.core.tip.hash).toBe(main[5]?.hash);
		expect(stateOf(ledger).digest).toBe(harness.replay(main[5]!).digest());
		expect(statistics.batches).toBe(0);
		expect(commits).toEqual([]);

		await ledger.resume();
		const pending = transactionId(await harness.ballot(6));
		expect(stateOf(ledger).pending).toEqual([pending]);
		expect(admitted).toEqual([pending]);
		expect(statistics).toMatchObject({ batches: 1, verified: 1 });
		expect(diskImage(disk)).toEqual(before);
	});

	it('still knows the side branch, and takes it up when it grows', async () => {
		const { disk, main, side } = await usedDisk();
		const { ledger, statistics } = await harness.open({ disk });
		await ledger.resume();
		expect(await ledger.addBlock(side[1]!.block)).toBe('known');
		const longer = harness.mineChain(side[1]!, 3);
		await addAll(ledger, longer);
		expect(ledger.core.tip.parent?.parent?.parent?.hash).toBe(side[1]!.hash);
		// Of ballots 2, 3 and 4, which were on the main chain only, none is lost.
		expect(stateOf(ledger).pending).toHaveLength(4);
		// Proved were the one that was pending and that of the side branch; the others were proved in the last session.
		expect(statistics.verified).toBe(2);
		await ledger.addBlock(harness.mine(longer[2], [await harness.ballot(2, [2]), await harness.ballot(3, [0])]).block);
		await addAll(ledger, harness.mineChain(main[5]!, 3));
		expect(ledger.core.tip.parent?.parent?.parent?.hash).toBe(main[5]!.hash);
		expect(statistics.verified).toBe(2);
	});

	it('goes on to a better branch that the last session had stored but not connected', async () => {
		const { disk, main, side, stored } = await usedDisk();
		stored.tip = side[1]!.hash;
		for (const block of main.slice(2)) change(stored, block, { valid: false });
		for (const block of side) change(stored, block, { valid: true });
		const { ledger, statistics, tipChanges } = await harness.open({ disk });
		expect(ledger.core.tip.hash).toBe(side[1]!.hash);
		await ledger.resume();
		expect(ledger.core.tip.hash).toBe(main[5]!.hash);
		expect(tipChanges[0]?.disconnected).toHaveLength(2);
		// Those of the four blocks that count as unproved, and the two that are pending at the end.
		expect(statistics.verified).toBe(3 + 1);
		expect(stateOf(ledger).pending).toHaveLength(2);
	});

	it('does not trust what builds on a block that was never checked, and proves that one alone', async () => {
		const { disk, main, stored } = await usedDisk();
		change(stored, main[2]!, { valid: false });
		const { ledger, statistics } = await harness.open({ disk });
		expect(ledger.core.tip.hash).toBe(main[1]!.hash);
		await ledger.catchUp();
		expect(ledger.core.tip.hash).toBe(main[5]!.hash);
		expect(statistics.verified).toBe(1);
	});

	it('does not doubt its chain because the clock was set back', async () => {
		const { disk, main } = await usedDisk();
		const late = harness.mine(main[5], [], { timestamp: START_MS });
		await (await harness.open({ disk })).ledger.addBlock(late.block);
		const { ledger } = await harness.open({ disk, clock: new ManualClock(0) });
		expect(ledger.core.tip.hash).toBe(late.hash);
	});

	it('keeps the tie-break: the branch that came first stays, and one that came later does not become first', async () => {
		const fresh = new LedgerHarness({ changes: { initialDifficulty: 16 } });
		const first = fresh.mineChain(fresh.genesis, 2);
		const second = fresh.mineChain(fresh.genesis, 2);
		const { disk } = await fresh.openWith([...first, ...second]);
		for (const block of second) change(disk.elections.get(fresh.electionId)!, block, { valid: true });
		const { ledger, tipChanges } = await fresh.open({ disk });
		await ledger.resume();
		expect(ledger.core.tip.hash).toBe(first[1]!.hash);
		expect(tipChanges).toEqual([]);
		const arrivals = [...first, ...second].map(({ hash }) => ledger.core.tree.get(hash)?.arrival);
		expect(arrivals).toEqual([1, 2, 3, 4]);
		const third = fresh.mine(first[0]);
		await ledger.addBlock(third.block);
		expect(ledger.core.tree.get(third.hash)?.arrival).toBe(5);
	});
});

describe('pending ballots of the last session', () => {
	it('are judged anew: bad proofs and junk go, a recorded one goes, the rest stays', async () => {
		const { disk, stored } = await usedDisk();
		const bytes = encodeTransaction(await harness.ballot(7));
		const put = (id: string, content: Uint8Array) =>
			stored.transactions.set(id as TransactionId, { id: id as TransactionId, bytes: content, receivedAt: 5 });
		put('junk', Uint8Array.of(1, 2, 3));
		put('unproved', flipped(bytes, 250));
		put('recorded', encodeTransaction(await harness.ballot(0, [0])));
		put('recorded, other choice', encodeTransaction(await harness.ballot(0, [1])));
		put('under a wrong name', bytes);
		const { ledger } = await harness.open({ disk });
		await ledger.resume();
		const expected = [await harness.ballot(7), await harness.ballot(6)].map(transactionId).sort();
		expect(stateOf(ledger).pending.sort()).toEqual(expected);
		expect([...disk.elections.get(harness.electionId)!.transactions.keys()].sort()).toEqual(expected);
	});

	it('survive a clock that is wrong for a while', async () => {
		const opensAt = new Date(START_MS - 1_000).toISOString();
		const closesAt = new Date(START_MS + 1_000).toISOString();
		const timed = new LedgerHarness({ changes: { opensAt, closesAt } });
		const { disk, ledger } = await timed.open();
		await ledger.addTransaction(await timed.ballot(0), 'strict');
		for (const wrong of [0, START_MS * 2]) {
			const { ledger: confused } = await timed.open({ disk, clock: new ManualClock(wrong) });
			await confused.resume();
			expect(stateOf(confused).pending).toEqual([]);
		}
		expect((await timed.afterRestart(disk)).pending).toHaveLength(1);
	});

	it('are kept when they cannot be judged, and resuming can be tried again', async () => {
		const { disk } = await usedDisk();
		let broken = true;
		const { ledger } = await harness.open({
			disk,
			verifier: {
				...fakeProofs()(harness.proofContext),
				verify: async (statements) => {
					if (broken) throw new PollenError('worker-failed');
					return statements.map(() => true);
				}
			}
		});
		expect(await refusalOf(ledger.resume())).toBe('worker-failed');
		expect((await harness.afterRestart(disk)).pending).toHaveLength(1);
		broken = false;
		await ledger.resume();
		expect(stateOf(ledger).pending).toHaveLength(1);
	});

	it('that were recorded before the resuming are not left on disk', async () => {
		const { disk, main } = await usedDisk();
		const { ledger } = await harness.open({ disk });
		await ledger.addBlock(harness.mine(main[5], [await harness.ballot(6)]).block);
		await ledger.resume();
		expect(stateOf(ledger).pending).toEqual([]);
		expect(disk.elections.get(harness.electionId)?.transactions.size).toBe(0);
	});
});

type Damage = (stored: MemoryElection, main: readonly MinedBlock[]) => void;

/** What is left is the chain up to `height`; all later ballots wait, but those whose very bytes are gone. */
const DAMAGE: readonly (readonly [what: string, height: number, lostBallots: number, damage: Damage])[] = [
	[
		'a header altered',
		2,
		0,
		(stored, main) => change(stored, main[2]!, { bytes: flipped(encodeBlock(main[2]!.block), 5) })
	],
	[
		'a body altered',
		2,
		1,
		(stored, main) => change(stored, main[2]!, { bytes: flipped(encodeBlock(main[2]!.block), 300) })
	],
	[
		'a block cut short',
		2,
		1,
		(stored, main) => change(stored, main[2]!, { bytes: encodeBlock(main[2]!.block).slice(0, 99) })
	],
	[
		'a block replaced by junk',
		2,
		1,
		(stored, main) => change(stored, main[2]!, { bytes: new Uint8Array(400).fill(7) })
	],
	['a block of another shape', 2, 1, (stored, main) => change(stored, main[2]!, { bytes: 'no bytes' as never })],
	['an order of arrival that is none', 2, 0, (stored, main) => change(stored, main[2]!, { arrival: Number.NaN })],
	['a block in the middle missing', 2, 1, (stored, main) => stored.blocks.delete(main[2]!.hash)],
	['the first block missing', 0, 1, (stored, main) => stored.blocks.delete(main[0]!.hash)],
	['the tip’s block missing', 5, 0, (stored, main) => stored.blocks.delete(main[5]!.hash)],
	['all blocks missing', 0, 5, (stored) => stored.blocks.clear()],
	[
		'a block under the hash of another',
		2,
		1,
		(stored, main) => change(stored, main[2]!, { bytes: encodeBlock(main[3]!.block) })
	],
	['a lower tip', 6, 0, (stored, main) => (stored.tip = main[1]!.hash)],
	['a tip of unknown hash', 6, 0, (stored) => (stored.tip = 'ab'.repeat(32) as BlockHash)],
	['a tip that is no hash', 6, 0, (stored) => (stored.tip = 7 as never)],
	['no tip', 6, 0, (stored) => (stored.tip = undefined)],
	[
		'blocks that were never checked',
		6,
		0,
		(stored, main) => main.forEach((block) => change(stored, block, { valid: false }))
	]
];

describe('a store with', () => {
	it.each(DAMAGE)('%s is repaired, and what is missing can be taken in again', async (_, height, lost, damage) => {
		const { disk, main, side, stored } = await usedDisk();
		damage(stored, main);
		const opened = await harness.open({ disk });
		const { ledger } = opened;
		const reached = ledger.core.tip.header.height;
		expect(stateOf(ledger).digest).toBe(harness.replay(main[reached - 1] ?? harness.genesis).digest());
		await ledger.resume();

		// Blocks 3 and 4 of the side branch stand on block 2: it is the better one when the main chain ends before 4.
		const left = height === 2 ? side[1]! : (main[height - 1] ?? harness.genesis);
		expect(ledger.core.tip.hash).toBe(left.hash);
		expect(stateOf(ledger).digest).toBe(harness.replay(left).digest());
		expect(await verifyChain(ledger)).toMatchObject({ valid: true, blocks: left.header.height + 1 });
		const all = ledger.core.state.ballots.size + ledger.core.mempool.size;
		// The side branch brings a ballot of its own when it becomes the main chain.
		expect(all).toBe(5 - lost + 1 + (left === side[1] ? 1 : 0));
		const state = stateOf(ledger);
		const restarted = await harness.afterRestart(disk);
		expect({ ...restarted, pending: restarted.pending.sort() }).toEqual({ ...state, pending: state.pending.sort() });
		const again = await harness.open({ disk: copyDisk(disk) });
		expect(again.commits).toEqual([]);

		await addAll(ledger, main);
		expect(ledger.core.tip.hash).toBe(main[5]!.hash);
		expect(stateOf(ledger).digest).toBe(harness.replay(main[5]!).digest());
	});

	it('a chain that breaks a rule, though it says that it was checked, is cut before the breach', async () => {
		const ballot = await harness.ballot(0);
		const good = harness.mine(harness.genesis, [ballot]);
		const twice = harness.mine(good, [ballot]);
		const { disk } = await harness.openWith([good]);
		const stored = disk.elections.get(harness.electionId)!;
		const child = harness.mine(twice);
		for (const [index, { hash, block }] of [twice, child].entries()) {
			stored.blocks.set(hash, { hash, height: index + 2, bytes: encodeBlock(block), arrival: index + 2, valid: true });
		}
		stored.tip = child.hash;
		const { ledger } = await harness.open({ disk });
		expect(ledger.core.tip.hash).toBe(good.hash);
		expect(disk.elections.get(harness.electionId)).toMatchObject({ tip: good.hash, blocks: { size: 1 } });
		expect(await refusalOf(ledger.addBlock(twice.block))).toBe('invalid-parent');
		await ledger.resume();
		expect(stateOf(ledger).pending).toEqual([]);
	});

	it('damage on a full disk still starts, right in memory, and is repaired at a later start', async () => {
		const { disk, main, stored } = await usedDisk();
		stored.blocks.delete(main[5]!.hash);
		const makeRoom = failWrites(disk);
		const { ledger } = await harness.open({ disk });
		expect(ledger.core.tip.hash).toBe(main[4]!.hash);
		makeRoom();
		await harness.open({ disk });
		expect(disk.elections.get(harness.electionId)?.tip).toBe(main[4]!.hash);
	});

	it('nothing wrong loses nothing when the work function fails', async () => {
		const { disk, main } = await usedDisk();
		const before = diskImage(disk);
		const workHash = () => Promise.reject(new PollenError('insecure-context'));
		expect(await refusalOf(harness.open({ disk, workHash }))).toBe('insecure-context');
		expect(diskImage(disk)).toEqual(before);
		expect((await harness.open({ disk, workHash: instantWork })).ledger.core.tip.hash).toBe(main[5]!.hash);
	});
});

it('a store that cannot be read is storage-failed', async () => {
	const { disk } = await usedDisk();
	disk.elections.get(harness.electionId)!.blocks.values = () => {
		throw new PollenError('storage-failed');
	};
	expect(await refusalOf(harness.open({ disk }))).toBe('storage-failed');
});
