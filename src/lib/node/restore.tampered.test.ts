import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { fakeProofs, noStatistics } from '../../../tests/support/fakeProofs';
import { instantWork, LedgerHarness, type MinedBlock } from '../../../tests/support/ledgerHarness';
import { encodeBlock } from '../election/block';
import { IdbChainStore } from '../storage/idbChainStore';
import { nodeDatabase, type NodeDatabase, type NodeSchema } from '../storage/nodeDatabase';
import type { Ballot } from '../election/transaction';
import { Ledger } from './ledger';

/** What somebody wrote into this profile's database while no tab was open: whatever it says, nothing unproved is counted. */

type Row = NodeSchema['blocks']['value'];

const harness = new LedgerHarness({ voters: 8 });

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

async function open(database: NodeDatabase) {
	const { election, electionId, clock } = harness;
	const statistics = noStatistics();
	const ledger = await Ledger.open(
		{
			election,
			electionId,
			clock,
			store: new IdbChainStore(database, electionId),
			verifier: fakeProofs(statistics)(harness.proofContext),
			workHash: instantWork
		},
		{ tipChanged: () => undefined, admitted: () => undefined, closingHeard: () => undefined, storage: () => undefined }
	);
	return { ledger, statistics };
}

/** A chain of four blocks with a ballot each, connected and written; then the rows are changed, and the ledger opened anew. */
async function reopened(change: (rows: Row[], chain: MinedBlock[]) => Row[], tip?: (chain: MinedBlock[]) => string) {
	const chain = harness.mineChain(harness.genesis, 4, await harness.ballots(4));
	const database = nodeDatabase(0);
	const { ledger } = await open(database);
	for (const { block } of chain) await ledger.addBlock(block);
	const rows = await database.read(['blocks'], (tx) => tx.objectStore('blocks').getAll());
	rows.sort((a, b) => a.height - b.height);
	const changed = change(rows, chain);
	await database.write(['blocks', 'tips'], 'strict', (store) => {
		for (const row of changed) store('blocks').put(row);
		if (tip) store('tips').put(tip(chain), harness.electionId);
	});
	database.close();
	return { chain, ...(await open(nodeDatabase(0))) };
}

const heightOf = ({ core }: Ledger) => core.tip.header.height;

/** A block that nobody connected, since its ballot is forged; its work is real. */
async function forgedOn(parent: MinedBlock): Promise<MinedBlock> {
	const forged: Ballot = { ...(await harness.ballot(7)), choices: [2] };
	return harness.mine(parent, [forged]);
}

function rowOf({ hash, block }: MinedBlock, marks: Pick<Row, 'seal'> = {}): Row {
	const { height } = block.header;
	return {
		electionId: harness.electionId,
		hash,
		height,
		bytes: encodeBlock(block),
		arrival: 99,
		valid: true,
		...marks
	};
}

it('untouched, it is taken up without a proof', async () => {
	const { ledger, statistics, chain } = await reopened(() => []);
	expect(heightOf(ledger)).toBe(4);
	expect(statistics.verified).toBe(0);
	expect(ledger.core.state.digest()).toBe(harness.replay(chain[3]!).digest());
});

it.each([
	['with the mark alone', () => ({})],
	['with the seal of a block that was checked', (rows: Row[]) => ({ seal: rows[3]!.seal! })],
	['with a seal of its own', () => ({ seal: '00'.repeat(16) })]
])('a block that was never connected, marked as if it had been, is proved: %s', async (_, marks) => {
	const forged = harness.mineChain(harness.genesis, 4, await harness.ballots(4));
	const onTop = await forgedOn(forged[3]!);
	const database = nodeDatabase(0);
	const { ledger: before } = await open(database);
	for (const { block } of forged) await before.addBlock(block);
	const rows = await database.read(['blocks'], (tx) => tx.objectStore('blocks').getAll());
	await database.write(['blocks', 'tips'], 'strict', (store) => {
		store('blocks').put(rowOf(onTop, marks(rows.sort((a, b) => a.height - b.height))));
		store('tips').put(onTop.hash, harness.electionId);
	});
	const { ledger, statistics } = await open(database);
	expect(heightOf(ledger)).toBe(4);
	await ledger.resume();
	expect(statistics.verified).toBe(1);
	expect(heightOf(ledger)).toBe(4);
	expect(ledger.core.tree.isInvalid(onTop.hash)).toBe(true);
	expect(ledger.core.state.ballots.size).toBe(4);
});

it('bytes that were altered under the mark are not taken, and what stands on them neither', async () => {
	const { ledger, chain } = await reopened(([, second]) => [
		{ ...second!, bytes: second!.bytes.map((byte, at) => (at === second!.bytes.length - 1 ? byte ^ 1 : byte)) }
	]);
	expect(ledger.core.tip.hash).toBe(chain[0]!.hash);
	await ledger.resume();
	expect(ledger.core.state.ballots.size).toBe(1);
});

it('bodies that were exchanged under their marks are not taken', async () => {
	const { ledger, chain } = await reopened(([, second, third]) => [
		{ ...second!, bytes: third!.bytes },
		{ ...third!, bytes: second!.bytes }
	]);
	expect(ledger.core.tip.hash).toBe(chain[0]!.hash);
});

it('a forged ballot in a body of its own header is not taken under the mark and seal of another block', async () => {
	const forged = await forgedOn(harness.mine());
	const { ledger } = await reopened(([first]) => [{ ...first!, bytes: encodeBlock(forged.block) }]);
	await ledger.resume();
	expect([...ledger.core.state.ballots.values()].some(({ choices }) => choices[0] === 2 && choices.length === 1)).toBe(
		false
	);
	expect(heightOf(ledger)).toBe(0);
});

it.each([
	['a lower block', (chain: MinedBlock[]) => chain[1]!.hash],
	['what is no block', () => 'ab'.repeat(32)]
])('a tip that was altered to %s changes nothing: the chain follows from the blocks', async (_, tip) => {
	const { ledger, statistics, chain } = await reopened(() => [], tip);
	expect(ledger.core.tip.hash).toBe(chain[3]!.hash);
	expect(statistics.verified).toBe(0);
});

it('without its seals, all of it is proved anew, and counts the same', async () => {
	const { ledger, statistics, chain } = await reopened((rows) =>
		rows.map(({ electionId, hash, height, bytes, arrival, valid }) => ({
			...{ electionId, hash, height, bytes, arrival, valid }
		}))
	);
	expect(heightOf(ledger)).toBe(0);
	await ledger.resume();
	expect(ledger.core.tip.hash).toBe(chain[3]!.hash);
	expect(statistics.verified).toBe(4);
});
