import type { TransactionId } from '../bytes/hash';
import {
	ELECTION_A,
	ELECTION_B,
	hash,
	refuses,
	same,
	type StorageContractCase,
	type StorageHarness
} from './contractCase';
import { MAX_STORED_PEERS } from './limits';
import type { ChainStore, NodeSlot, StoredBlock, StoredTransaction } from './port';

/** What is asked of slots and the chains in them. */
export const chainContract: readonly StorageContractCase[] = [
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
			const writes: (() => Promise<void>)[] = [
				() => store.commit({ putBlocks: [block('01', 1, 1)] }, 'strict'),
				() => store.saveDefinition(Uint8Array.of(1)),
				() => store.savePeers(['p1']),
				() => slot.saveLabel('District 9')
			];
			const heal = harness.failPut(0, 'QuotaExceededError');
			try {
				for (const write of writes) await refuses(write, 'storage-full');
			} finally {
				heal();
			}
			for (const write of writes) await write();
			same((await store.loadChain()).blocks.length, 1, 'blocks');
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

function block(byte: string, height: number, arrival: number): StoredBlock {
	return { hash: hash(byte), height, bytes: Uint8Array.of(height % 256, 2, 3), arrival, valid: true };
}

function transaction(byte: string, receivedAt: number): StoredTransaction {
	return { id: hash(byte) as TransactionId, bytes: Uint8Array.of(3, receivedAt % 256), receivedAt };
}
