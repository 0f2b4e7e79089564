import type { BlockHash, ElectionId, Nullifier, TransactionId } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { MAX_STORED_PEERS } from './limits';
import type { ChainStore, NodeSlot, StoredBlock, StoredReceipt, StoredTransaction, Wallet } from './port';

/**
 * What every storage adapter must do, as plain functions that throw: the same cases run in Vitest over the memory and
 * the IndexedDB adapters, and in a page over the browser's own IndexedDB.
 */
export interface StorageContractCase {
	readonly name: string;
	run(harness: StorageHarness): Promise<void>;
}

/** One adapter under test, empty at the start of each case. */
export interface StorageHarness {
	/** Opens the slot. After closing it, opening it again finds what was written: a restart of the tab. */
	openSlot(): Promise<NodeSlot>;
	openWallet(): Wallet;
	/** Lets `after` single writes pass and fails the next with an error of this name. Returns the undoing. */
	failPut(after: number, errorName: string): () => void;
}

const ELECTION_A = hash('a1') as ElectionId;
const ELECTION_B = hash('b2') as ElectionId;

export const storageContract: readonly StorageContractCase[] = [
	{
		name: 'a new election is empty',
		run: withStore(async (store) => {
			same(await store.loadDefinition(), undefined, 'definition');
			same(await store.loadChain(), { tip: undefined, blocks: [] }, 'chain');
			same(await store.loadBlock(hash('01')), undefined, 'block');
			same(await store.loadTransactions(), [], 'transactions');
			same(await store.loadPeers(), [], 'peers');
		})
	},
	{
		name: 'what was committed is read back byte for byte, also from a window into a larger buffer',
		run: withStore(async (store) => {
			const frame = Uint8Array.from({ length: 4096 }, (_, i) => i % 251);
			const stored = { ...block('01', 1, 1), bytes: frame.subarray(100, 400) };
			const pending = { ...transaction('c1', 5), bytes: frame.subarray(1000, 1356) };
			await store.commit({ putBlocks: [stored], tip: stored.hash, putTransactions: [pending] }, 'strict');
			await store.saveDefinition(frame.subarray(7, 77));
			const expected = { ...stored, bytes: stored.bytes.slice() };
			same(await store.loadChain(), { tip: stored.hash, blocks: [expected] }, 'chain');
			const loaded = await store.loadBlock(stored.hash);
			same(loaded, expected, 'block');
			same(loaded?.bytes.buffer.byteLength, 300, 'stored buffer of the block');
			same(await store.loadTransactions(), [{ ...pending, bytes: pending.bytes.slice() }], 'transactions');
			same(await store.loadDefinition(), frame.slice(7, 77), 'definition');
		})
	},
	{
		name: 'stored bytes are copies: changing what was given or read changes nothing',
		run: withStore(async (store) => {
			const given = block('01', 1, 1);
			await store.commit({ putBlocks: [given] }, 'relaxed');
			const before = given.bytes.slice();
			given.bytes.fill(0);
			const read = await store.loadBlock(given.hash);
			same(read?.bytes, before, 'after changing the given bytes');
			read?.bytes.fill(0);
			same((await store.loadBlock(given.hash))?.bytes, before, 'after changing the read bytes');
		})
	},
	{
		name: 'blocks come by height, then arrival; transactions by time received',
		run: withStore(async (store) => {
			const blocks = [block('05', 300, 9), block('04', 2, 7), block('03', 2, 4), block('02', 10, 5), block('01', 1, 8)];
			await store.commit({ putBlocks: blocks.slice(0, 3) }, 'relaxed');
			await store.commit({ putBlocks: blocks.slice(3) }, 'relaxed');
			const order = (await store.loadChain()).blocks.map(({ height, arrival }) => [height, arrival]);
			same(
				order,
				[
					[1, 8],
					[2, 4],
					[2, 7],
					[10, 5],
					[300, 9]
				],
				'order of blocks'
			);
			await store.commit({ putTransactions: [transaction('c2', 30), transaction('c1', 200)] }, 'strict');
			await store.commit({ putTransactions: [transaction('c3', 4)] }, 'strict');
			const times = (await store.loadTransactions()).map(({ receivedAt }) => receivedAt);
			same(times, [4, 30, 200], 'order of transactions');
		})
	},
	{
		name: 'one commit puts, replaces and deletes; what it does not name stays',
		run: withStore(async (store) => {
			const [first, second] = [block('01', 1, 1), block('02', 2, 2)];
			await store.commit(
				{ putBlocks: [first, second], tip: second.hash, putTransactions: [transaction('c1', 1), transaction('c2', 2)] },
				'strict'
			);
			await store.commit(
				{
					putBlocks: [{ ...first, valid: false }],
					deleteBlocks: [second.hash, hash('ff')],
					tip: first.hash,
					putTransactions: [transaction('c3', 3)],
					deleteTransactions: [hash('c1') as TransactionId]
				},
				'strict'
			);
			same(await store.loadChain(), { tip: first.hash, blocks: [{ ...first, valid: false }] }, 'chain');
			const ids = (await store.loadTransactions()).map(({ id }) => id);
			same(ids, [hash('c2'), hash('c3')], 'transactions');
			await store.commit({ putTransactions: [transaction('c4', 4)] }, 'strict');
			same((await store.loadChain()).tip, first.hash, 'tip after a commit without one');
			await store.commit({}, 'relaxed');
		})
	},
	{
		name: 'a commit that fails part way leaves nothing, at whichever write it fails',
		async run(harness) {
			const slot = await harness.openSlot();
			const store = slot.openChain(ELECTION_A);
			const base = block('01', 1, 1);
			await store.commit({ putBlocks: [base], tip: base.hash, putTransactions: [transaction('c1', 1)] }, 'strict');
			const before = [await store.loadChain(), await store.loadTransactions()];
			for (let passing = 0; passing < 4; passing++) {
				const heal = harness.failPut(passing, 'UnknownError');
				const change = {
					deleteBlocks: [base.hash],
					putBlocks: [block('02', 2, 2), block('03', 3, 3)],
					tip: hash('03'),
					deleteTransactions: [hash('c1') as TransactionId],
					putTransactions: [transaction('c2', 2)]
				};
				try {
					await refuses(() => store.commit(change, 'strict'), 'storage-failed');
				} finally {
					heal();
				}
				same([await store.loadChain(), await store.loadTransactions()], before, `after failing write ${passing}`);
			}
			slot.close();
			const again = await harness.openSlot();
			const reopened = again.openChain(ELECTION_A);
			same([await reopened.loadChain(), await reopened.loadTransactions()], before, 'after reopening');
			again.close();
		}
	},
	{
		name: 'a full disk is storage-full everywhere, and the store works again when there is room',
		async run(harness) {
			const slot = await harness.openSlot();
			const store = slot.openChain(ELECTION_A);
			const wallet = harness.openWallet();
			const writes: (() => Promise<void>)[] = [
				() => store.commit({ putBlocks: [block('01', 1, 1)] }, 'strict'),
				() => store.saveDefinition(Uint8Array.of(1)),
				() => store.savePeers(['p1']),
				() => slot.saveLabel('District 9'),
				() => wallet.saveReceipt(receipt(ELECTION_A, 'd1', 1)),
				() => wallet.saveElection({ electionId: ELECTION_A, title: 'A', openedAt: 1 })
			];
			const heal = harness.failPut(0, 'QuotaExceededError');
			try {
				for (const write of writes) await refuses(write, 'storage-full');
			} finally {
				heal();
			}
			for (const write of writes) await write();
			same((await store.loadChain()).blocks.length, 1, 'blocks');
			wallet.close();
			slot.close();
		}
	},
	{
		name: 'two elections in one slot do not mix, and clear forgets only its own',
		run: withSlot(async (slot) => {
			const [a, b] = [slot.openChain(ELECTION_A), slot.openChain(ELECTION_B)];
			const shared = block('01', 1, 1);
			for (const store of [a, b]) {
				await store.commit(
					{ putBlocks: [shared], tip: shared.hash, putTransactions: [transaction('c1', 1)] },
					'strict'
				);
				await store.savePeers(['p1']);
			}
			await a.saveDefinition(Uint8Array.of(1));
			await b.saveDefinition(Uint8Array.of(2));
			await b.commit({ putBlocks: [block('02', 2, 2)], tip: hash('02') }, 'strict');
			same((await a.loadChain()).blocks.length, 1, 'blocks of A');
			await a.clear();
			same(await a.loadDefinition(), undefined, 'definition of A');
			same(await a.loadChain(), { tip: undefined, blocks: [] }, 'chain of A');
			same(await a.loadTransactions(), [], 'transactions of A');
			same(await a.loadPeers(), [], 'peers of A');
			same(await b.loadDefinition(), Uint8Array.of(2), 'definition of B');
			same((await b.loadChain()).blocks.length, 2, 'blocks of B');
			same((await b.loadTransactions()).length, 1, 'transactions of B');
			same(await b.loadPeers(), ['p1'], 'peers of B');
		})
	},
	{
		name: 'everything survives reopening the slot',
		async run(harness) {
			const slot = await harness.openSlot();
			const store = slot.openChain(ELECTION_A);
			await store.saveDefinition(Uint8Array.of(1, 2, 3));
			await store.commit(
				{ putBlocks: [block('01', 1, 1)], tip: hash('01'), putTransactions: [transaction('c1', 1)] },
				'relaxed'
			);
			await store.savePeers(['p2', 'p1']);
			await slot.saveLabel('Hamlet of Ås');
			slot.close();
			const again = await harness.openSlot();
			const reopened = again.openChain(ELECTION_A);
			same(again.index, slot.index, 'slot');
			same(await again.loadLabel(), 'Hamlet of Ås', 'label');
			same(await reopened.loadDefinition(), Uint8Array.of(1, 2, 3), 'definition');
			same(await reopened.loadChain(), { tip: hash('01'), blocks: [block('01', 1, 1)] }, 'chain');
			same(await reopened.loadTransactions(), [transaction('c1', 1)], 'transactions');
			same(await reopened.loadPeers(), ['p2', 'p1'], 'peers');
			again.close();
		}
	},
	{
		name: 'commits asked for at once are all kept',
		run: withStore(async (store) => {
			const indices = Array.from({ length: 20 }, (_, i) => i);
			await Promise.all(
				indices.map((i) =>
					store.commit({ putBlocks: [block(String(10 + i), i, i)] }, i % 2 === 0 ? 'strict' : 'relaxed')
				)
			);
			same(
				(await store.loadChain()).blocks.map(({ height }) => height),
				indices,
				'heights'
			);
		})
	},
	{
		name: 'at most 32 peers are kept, newest first',
		run: withStore(async (store) => {
			const peers = Array.from({ length: 40 }, (_, i) => `p${i}`);
			await store.savePeers(peers);
			same(await store.loadPeers(), peers.slice(0, MAX_STORED_PEERS), 'peers');
			await store.savePeers([]);
			same(await store.loadPeers(), [], 'peers after forgetting them');
		})
	},
	{
		name: 'the label is empty by default',
		run: withSlot(async (slot) => {
			same(await slot.loadLabel(), '', 'label');
		})
	},
	{
		name: 'a closed store and a closed slot refuse',
		async run(harness) {
			const slot = await harness.openSlot();
			const [closed, orphan] = [slot.openChain(ELECTION_A), slot.openChain(ELECTION_B)];
			closed.close();
			await refuses(() => closed.loadChain(), 'storage-failed');
			await refuses(() => closed.commit({}, 'strict'), 'storage-failed');
			await orphan.savePeers(['p1']);
			slot.close();
			await refuses(() => orphan.loadPeers(), 'storage-failed');
			await refuses(() => orphan.clear(), 'storage-failed');
			await refuses(() => slot.loadLabel(), 'storage-failed');
			await refuses(() => slot.openChain(ELECTION_A).loadChain(), 'storage-failed');
		}
	},
	{
		name: 'receipts are kept by election in order of casting, and one nullifier has one',
		async run(harness) {
			const wallet = harness.openWallet();
			await wallet.saveReceipt(receipt(ELECTION_A, 'd1', 20));
			await wallet.saveReceipt(receipt(ELECTION_A, 'd2', 10));
			await wallet.saveReceipt(receipt(ELECTION_B, 'd1', 15));
			await wallet.saveReceipt({ ...receipt(ELECTION_A, 'd1', 20), voterId: 'VOID002' });
			const expected = [receipt(ELECTION_A, 'd2', 10), { ...receipt(ELECTION_A, 'd1', 20), voterId: 'VOID002' }];
			same(await wallet.loadReceipts(ELECTION_A), expected, 'receipts of A');
			same(await wallet.loadReceipts(ELECTION_B), [receipt(ELECTION_B, 'd1', 15)], 'receipts of B');
			wallet.close();
			await refuses(() => wallet.loadReceipts(ELECTION_A), 'storage-failed');
			const again = harness.openWallet();
			same(await again.loadReceipts(ELECTION_A), expected, 'receipts after reopening');
			again.close();
		}
	},
	{
		name: 'tabs share one wallet; elections come newest first',
		async run(harness) {
			const [mine, theirs] = [harness.openWallet(), harness.openWallet()];
			await mine.saveElection({ electionId: ELECTION_A, title: 'A', openedAt: 1 });
			await theirs.saveElection({ electionId: ELECTION_B, title: 'B', openedAt: 2 });
			same(
				(await mine.loadElections()).map(({ title }) => title),
				['B', 'A'],
				'elections'
			);
			await mine.saveElection({ electionId: ELECTION_A, title: 'A', openedAt: 3 });
			same(
				(await theirs.loadElections()).map(({ title }) => title),
				['A', 'B'],
				'elections after opening A again'
			);
			mine.close();
			theirs.close();
		}
	}
];

function withSlot(body: (slot: NodeSlot) => Promise<void>): (harness: StorageHarness) => Promise<void> {
	return async (harness) => {
		const slot = await harness.openSlot();
		await body(slot);
		slot.close();
	};
}

function withStore(body: (store: ChainStore) => Promise<void>): (harness: StorageHarness) => Promise<void> {
	return withSlot((slot) => body(slot.openChain(ELECTION_A)));
}

function hash(byte: string): BlockHash {
	return byte.repeat(32) as BlockHash;
}

function block(byte: string, height: number, arrival: number): StoredBlock {
	return { hash: hash(byte), height, bytes: Uint8Array.of(height % 256, 2, 3), arrival, valid: true };
}

function transaction(byte: string, receivedAt: number): StoredTransaction {
	return { id: hash(byte) as TransactionId, bytes: Uint8Array.of(3, receivedAt % 256), receivedAt };
}

function receipt(electionId: ElectionId, byte: string, castAt: number): StoredReceipt {
	return {
		electionId,
		nullifier: hash(byte) as Nullifier,
		voterId: 'VOID001',
		choices: [1, 255],
		transaction: Uint8Array.of(3, 9),
		castAt
	};
}

/** Deep equality of plain values; byte arrays are told from ordinary ones. */
function same(actual: unknown, expected: unknown, what: string): void {
	const [found, wanted] = [describe(actual), describe(expected)];
	if (found !== wanted) throw new Error(`${what}: expected ${wanted}, got ${found}`);
}

function describe(value: unknown): string {
	return String(
		JSON.stringify(value, (_, item: unknown) => {
			if (item instanceof Uint8Array) return `bytes ${item.join(' ')}`;
			// Keys in one order, so that only their values count.
			if (typeof item === 'object' && item !== null && !Array.isArray(item)) {
				return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
			}
			return item;
		})
	);
}

async function refuses(action: () => Promise<unknown>, code: PollenError['code']): Promise<void> {
	try {
		await action();
	} catch (error) {
		same(error instanceof PollenError ? error.code : String(error), code, 'code of the refusal');
		return;
	}
	throw new Error(`Expected a refusal with ${code}, but nothing was refused.`);
}
