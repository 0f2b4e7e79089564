import { describe, expect, it } from 'vitest';
import {
	addAll,
	addHeaders,
	copyDisk,
	diskImage,
	failWrites,
	LedgerHarness,
	refusalOf,
	stateOf,
	type MinedBlock,
	type OpenLedger
} from '../../../tests/support/ledgerHarness';
import { transactionId, type Ballot } from '../election/transaction';
import { createMemoryDisk } from '../storage/memoryDisk';
import { verifyChain } from './chainRecord';

/** What a restart makes of the disk as it is now must be what the running ledger holds. */
async function expectMemoryEqualsDisk(harness: LedgerHarness, { ledger, disk }: OpenLedger): Promise<void> {
	const memory = stateOf(ledger);
	const restarted = await harness.afterRestart(disk);
	expect({ ...restarted, pending: restarted.pending.sort() }).toEqual({ ...memory, pending: memory.pending.sort() });
}

describe('a full disk', () => {
	it('refuses a block with storage-full, and takes it when there is room again', async () => {
		const harness = new LedgerHarness();
		const chain = harness.mineChain(harness.genesis, 3, await harness.ballots(3));
		const opened = await harness.openWith(chain.slice(0, 1));
		const { ledger, disk, storageEvents } = opened;
		const before = { state: stateOf(ledger), disk: diskImage(disk) };
		const makeRoom = failWrites(disk);
		const offers = chain.slice(1).map(({ block }) => refusalOf(ledger.addBlock(block)));
		expect(await Promise.all(offers)).toEqual(['storage-full', 'storage-full']);
		expect({ state: stateOf(ledger), disk: diskImage(disk) }).toEqual(before);
		expect(storageEvents.at(-1)).toBe('storage-full');
		await expectMemoryEqualsDisk(harness, opened);

		makeRoom();
		await addAll(ledger, chain.slice(1));
		expect(ledger.core.tip.hash).toBe(chain[2]?.hash);
		expect(storageEvents.at(-1)).toBeUndefined();
		await expectMemoryEqualsDisk(harness, opened);
	});

	it('refuses a side block, and takes it later', async () => {
		const harness = new LedgerHarness();
		const [main, side] = [harness.mineChain(harness.genesis, 2), harness.mine()];
		const { ledger, disk } = await harness.openWith(main);
		const makeRoom = failWrites(disk);
		const offers = [side, side].map(({ block }) => refusalOf(ledger.addBlock(block)));
		expect(await Promise.all(offers)).toEqual(['storage-full', 'storage-full']);
		makeRoom();
		expect(await ledger.addBlock(side.block)).toBe('stored');
		expect(disk.elections.get(harness.electionId)?.blocks.has(side.hash)).toBe(true);
	});

	it('in the middle of a reorg leaves all as it was, at whichever write it shows', async () => {
		const harness = new LedgerHarness();
		const ballots = await harness.ballots(5);
		const main = harness.mineChain(harness.genesis, 3, ballots.slice(0, 3));
		const side = harness.mineChain(harness.genesis, 4, ballots.slice(2));
		const opened = await harness.openWith([...main, ...side.slice(0, 3)]);
		const { ledger, disk } = opened;
		const before = { state: stateOf(ledger), disk: diskImage(disk) };
		let writes = 0;
		for (let refusal: unknown = 'storage-full'; refusal; writes++) {
			failWrites(disk, 'QuotaExceededError', writes);
			refusal = await refusalOf(ledger.addBlock(side[3]!.block));
			disk.beforePut = undefined;
			if (!refusal) break;
			expect(refusal).toBe('storage-full');
			expect({ state: stateOf(ledger), disk: diskImage(disk) }).toEqual(before);
			await expectMemoryEqualsDisk(harness, opened);
		}
		// Four blocks, two returned ballots, and the tip.
		expect(writes).toBe(7);
		expect(stateOf(ledger)).toMatchObject({ tip: side[3]?.hash, pending: { length: 2 } });
		await expectMemoryEqualsDisk(harness, opened);
	});

	it('refuses a ballot, which can be cast again', async () => {
		const harness = new LedgerHarness();
		const ballot = await harness.ballot(0);
		const opened = await harness.open();
		const { ledger, disk, admitted } = opened;
		const makeRoom = failWrites(disk);
		expect(await refusalOf(ledger.addTransaction(ballot, 'strict'))).toBe('storage-full');
		expect(stateOf(ledger).pending).toEqual([]);
		expect(admitted).toEqual([]);
		makeRoom();
		expect(await ledger.addTransaction(ballot, 'strict')).toBe('added');
		expect(opened.statistics.verified).toBe(1);
		await expectMemoryEqualsDisk(harness, opened);
	});

	it('that loses the block others wait for does not lose those', async () => {
		const harness = new LedgerHarness();
		const chain = harness.mineChain(harness.genesis, 4, await harness.ballots(4));
		const opened = await harness.open();
		const { ledger, disk } = opened;
		await addHeaders(
			ledger,
			chain.map(({ header }) => header)
		);
		await addAll(ledger, chain.slice(1));
		const makeRoom = failWrites(disk);
		expect(await refusalOf(ledger.addBlock(chain[0]!.block))).toBe('storage-full');
		expect(ledger.core.bodies.best).toBe(ledger.core.tree.genesis);
		makeRoom();
		// A branch of another's is not held up by it, and the block itself connects all that waits.
		expect(await ledger.addBlock(harness.mine().block)).toBe('connected');
		expect(await ledger.addBlock(chain[0]!.block)).toBe('connected');
		expect(ledger.core.tip.hash).toBe(chain[3]?.hash);
		await expectMemoryEqualsDisk(harness, opened);
	});

	it('is reported until a write succeeds, not until the next refusal of something else', async () => {
		const harness = new LedgerHarness();
		const { ledger, disk, storageEvents } = await harness.open();
		const makeRoom = failWrites(disk);
		await refusalOf(ledger.addTransaction(await harness.ballot(0), 'strict'));
		const unproved = { ...(await harness.ballot(1)), choices: [2] };
		expect(await refusalOf(ledger.addTransaction(unproved, 'strict'))).toBe('bad-proof');
		await ledger.catchUp();
		expect(storageEvents).toEqual(['storage-full']);
		makeRoom();
		await ledger.addTransaction(await harness.ballot(0), 'strict');
		expect(storageEvents).toEqual(['storage-full', undefined]);
	});

	it('tells an invalid block from its own fault', async () => {
		const harness = new LedgerHarness();
		const { ledger, disk } = await harness.open();
		failWrites(disk);
		const good = harness.mine();
		const bad = harness.mine(good, [{ ...(await harness.ballot(0)), choices: [1] }]);
		const offers = [good, bad, harness.mine(bad)].map(({ block }) => refusalOf(ledger.addBlock(block)));
		expect(await Promise.all(offers)).toEqual(['storage-full', 'bad-proof', 'invalid-parent']);
	});
});

it('another failure of storage is storage-failed, and a body that is gone or damaged is no fault of its block', async () => {
	const harness = new LedgerHarness();
	const main = harness.mineChain(harness.genesis, 2);
	const side = harness.mineChain(harness.genesis, 3, await harness.ballots(2));
	const { ledger, disk } = await harness.openWith([...main, ...side.slice(0, 2)]);
	const repair = failWrites(disk, 'UnknownError');
	expect(await refusalOf(ledger.addBlock(side[2]!.block))).toBe('storage-failed');
	repair();
	const { blocks } = disk.elections.get(harness.electionId)!;
	const stored = blocks.get(side[0]!.hash)!;
	for (const bytes of [stored.bytes.slice(1), stored.bytes.map((byte, at) => (at === 300 ? byte ^ 1 : byte))]) {
		blocks.set(stored.hash, { ...stored, bytes });
		expect(await refusalOf(ledger.addBlock(side[2]!.block))).toBe('storage-failed');
	}
	blocks.delete(stored.hash);
	expect(await refusalOf(ledger.addBlock(side[2]!.block))).toBe('storage-failed');
	expect(ledger.core.tip.hash).toBe(main[1]?.hash);
	blocks.set(stored.hash, stored);
	expect(await ledger.addBlock(side[2]!.block)).toBe('connected');
});

describe('feature_dbcrash: a crash at any single write', () => {
	interface Script {
		readonly harness: LedgerHarness;
		readonly main: readonly MinedBlock[];
		readonly side: readonly MinedBlock[];
		readonly pending: readonly Ballot[];
	}

	/** Ballots come, blocks record some of them, a longer branch arrives out of order, another block and ballot follow. */
	async function play(ledger: OpenLedger['ledger'], { main, side, pending }: Script): Promise<void> {
		await ledger.resume();
		await Promise.all(pending.slice(0, 3).map((ballot) => ledger.addTransaction(ballot, 'strict')));
		await addAll(ledger, main);
		await addHeaders(
			ledger,
			side.map(({ header }) => header)
		);
		await addAll(ledger, side.slice(2).reverse());
		await addAll(ledger, side.slice(0, 2));
		await ledger.addTransaction(pending[3]!, 'strict');
	}

	it('is survived: the node starts on a valid chain, and gets to the same end', async () => {
		const harness = new LedgerHarness({ voters: 6 });
		const pending = await harness.ballots(6);
		const main = harness.mineChain(harness.genesis, 3, pending.slice(0, 3));
		const side = harness.mineChain(main[0]!, 4, [pending[4]!, pending[1]!, pending[5]!]);
		const script: Script = { harness, main, side, pending };
		const undisturbed = await harness.open();
		await play(undisturbed.ledger, script);
		const end = stateOf(undisturbed.ledger);
		expect(end).toMatchObject({ tip: side[3]!.hash, pending: [pending[2]!, pending[3]!].map(transactionId) });

		let crashes = 0;
		for (let survived = false; !survived; crashes++) {
			const disk = createMemoryDisk();
			failWrites(disk, 'AbortError', crashes);
			const dying = await harness.open({ disk });
			survived = (await refusalOf(play(dying.ledger, script))) === undefined;

			const opened = await harness.open({ disk: copyDisk(disk) });
			const tip = [...main, ...side].find(({ hash }) => hash === opened.ledger.core.tip.hash) ?? harness.genesis;
			expect(stateOf(opened.ledger).digest).toBe(harness.replay(tip).digest());
			expect(opened.disk.elections.get(harness.electionId)?.tip ?? harness.electionId).toBe(tip.hash);
			// At most, blocks are given up whose ancestors had not arrived.
			for (const { change } of opened.commits) expect(change).toMatchObject({ tip: tip.hash, putTransactions: [] });
			await play(opened.ledger, script);
			expect(await verifyChain(opened.ledger)).toMatchObject({ valid: true, blocks: 6 });
			const { pending: waiting, ...rest } = stateOf(opened.ledger);
			expect({ ...rest, pending: waiting.sort() }).toEqual({ ...end, pending: [...end.pending].sort() });
		}
		// Nineteen writes, and a run without a crash.
		expect(crashes).toBe(20);
	});
});

describe('feature_dbcrash: a reorg of 200 blocks', () => {
	/** Every how many writes a disk is looked at. */
	const STRIDE = 45;

	async function setUp() {
		const harness = new LedgerHarness({ voters: 30 });
		const ballots = await harness.ballots(30);
		const main = harness.mineChain(harness.genesis, 200, ballots.slice(0, 20));
		const side = harness.mineChain(harness.genesis, 201, ballots.slice(10));
		const opened = await harness.openWith([...main, ...side.slice(0, 200)]);
		return { harness, main, side, opened };
	}

	/** Starts on what a disk holds, which must be one of the two chains and nothing between, and finishes the reorg. */
	async function expectSameEnd({ harness, main, side }: Awaited<ReturnType<typeof setUp>>, disk: OpenLedger['disk']) {
		const { ledger, commits } = await harness.open({ disk });
		expect([main[199]!.hash, side[200]!.hash]).toContain(ledger.core.tip.hash);
		expect(commits).toEqual([]);
		await ledger.resume();
		await ledger.addBlock(side[200]!.block);
		expect(stateOf(ledger)).toMatchObject({
			tip: side[200]!.hash,
			digest: harness.replay(side[200]!).digest(),
			pending: { length: 10 }
		});
	}

	it('survives a tab that dies at any write, and comes to the same end', async () => {
		const scene = await setUp();
		const { side, opened } = scene;
		const images: OpenLedger['disk'][] = [];
		let writes = 0;
		opened.disk.beforePut = () => {
			if (writes++ % STRIDE === 0) images.push(copyDisk(opened.disk));
		};
		const before = opened.commits.length;
		await opened.ledger.addBlock(side[200]!.block);
		expect(opened.commits).toHaveLength(before + 1);
		// 201 blocks, 10 ballots that wait again, and the tip.
		expect(writes).toBe(212);
		for (const disk of [...images, copyDisk(opened.disk)]) await expectSameEnd(scene, disk);
	});

	it('survives a write that fails at any place, and a restart after it', async () => {
		const scene = await setUp();
		const { side, opened } = scene;
		const before = stateOf(opened.ledger);
		for (let after = 0; after < 212; after += STRIDE) {
			failWrites(opened.disk, 'AbortError', after);
			expect(await refusalOf(opened.ledger.addBlock(side[200]!.block))).toBe('storage-failed');
			expect(stateOf(opened.ledger)).toEqual(before);
			await expectSameEnd(scene, copyDisk(opened.disk));
		}
	});
});
