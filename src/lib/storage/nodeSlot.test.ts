import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { BlockHash, ElectionId, TransactionId } from '../bytes/hash';
import { createMemoryLocks } from './memoryLocks';
import { claimNodeSlot, forgetChains } from './nodeSlot';
import { askForPersistence } from './persistentStorage';
import type { ChainStore, NodeSlot } from './port';

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

function session(preferred?: string): Pick<Storage, 'getItem' | 'setItem'> & { readonly kept: Map<string, string> } {
	const kept = new Map<string, string>(preferred === undefined ? [] : [['pollen-node', preferred]]);
	return {
		kept,
		getItem: (key) => kept.get(key) ?? null,
		setItem: (key, value) => void kept.set(key, value)
	};
}

test('tabs take the first free slot, and a closed tab frees its own', async () => {
	const locks = createMemoryLocks();
	const [first, second, third] = [
		await claimNodeSlot({ locks, session: session() }),
		await claimNodeSlot({ locks, session: session() }),
		await claimNodeSlot({ locks, session: session() })
	];
	expect([first.index, second.index, third.index]).toEqual([0, 1, 2]);
	second.close();
	const tab = session();
	const next = await claimNodeSlot({ locks, session: tab });
	expect(next.index).toBe(1);
	expect(tab.kept.get('pollen-node')).toBe('1');
});

test('slots claimed at the same time are different', async () => {
	const locks = createMemoryLocks();
	const slots = await Promise.all(Array.from({ length: 8 }, () => claimNodeSlot({ locks, session: undefined })));
	expect(new Set(slots.map(({ index }) => index))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
});

test('a reloaded tab comes back to the slot it had, and its data', async () => {
	const locks = createMemoryLocks();
	await claimNodeSlot({ locks, session: undefined });
	const tab = session();
	const before = await claimNodeSlot({ locks, session: tab });
	await before.saveLabel('District 9');
	before.close();
	await claimNodeSlot({ locks, session: session('3') });
	const after = await claimNodeSlot({ locks, session: tab });
	expect(after.index).toBe(1);
	expect(await after.loadLabel()).toBe('District 9');
});

test('a reload that overtakes the release of its slot waits for it', async () => {
	const locks = createMemoryLocks();
	const tab = session();
	const before = await claimNodeSlot({ locks, session: tab });
	const after = claimNodeSlot({ locks, session: tab, preferredWaitMs: 5_000 });
	setTimeout(() => before.close(), 20);
	expect((await after).index).toBe(0);
});

test('a duplicated tab takes another slot and remembers that', async () => {
	const locks = createMemoryLocks();
	const original = await claimNodeSlot({ locks, session: session('4') });
	expect(original.index).toBe(4);
	const copy = session('4');
	const duplicate = await claimNodeSlot({ locks, session: copy, preferredWaitMs: 10 });
	expect(duplicate.index).toBe(0);
	expect(copy.kept.get('pollen-node')).toBe('0');
	await duplicate.saveLabel('copy');
	expect(await original.loadLabel()).toBe('');
});

test.each(['-1', '1.5', 'x', '', '100000'])('a preference of %j is ignored', async (preferred) => {
	const slot = await claimNodeSlot({ locks: createMemoryLocks(), session: session(preferred) });
	expect(slot.index).toBe(0);
});

test('without Web Locks it says that the context is insecure', async () => {
	await expect(claimNodeSlot({ locks: undefined, session: undefined })).rejects.toMatchObject({
		code: 'insecure-context'
	});
});

test('a browser that refuses locks is storage-failed with its cause', async () => {
	const refusal = new DOMException('no', 'SecurityError');
	const locks = { request: () => Promise.reject(refusal) } as unknown as Pick<LockManager, 'request'>;
	await expect(claimNodeSlot({ locks, session: undefined })).rejects.toMatchObject({
		code: 'storage-failed',
		cause: refusal
	});
});

test('persistence is asked for once, and a refusal is no error', async () => {
	let asked = 0;
	const storage = {
		persist() {
			asked++;
			return Promise.reject(new Error('refused'));
		}
	} as unknown as StorageManager;
	askForPersistence(storage);
	askForPersistence(storage);
	expect(asked).toBe(1);
});

describe('forgetting the chains of an election', () => {
	const [mine, other] = ['aa'.repeat(32) as ElectionId, 'bb'.repeat(32) as ElectionId];
	const hash = '01'.repeat(32) as BlockHash;

	async function fill(slot: NodeSlot, electionId: ElectionId): Promise<void> {
		const store = slot.openChain(electionId);
		await store.saveDefinition(Uint8Array.of(1));
		await store.savePeers(['p1']);
		const block = { hash, height: 1, bytes: Uint8Array.of(1), arrival: 1, valid: true };
		const pending = { id: 'c1'.repeat(32) as TransactionId, bytes: Uint8Array.of(2), receivedAt: 1 };
		await store.commit({ putBlocks: [block], tip: hash, putTransactions: [pending] }, 'strict');
	}

	/** How much there is of each kind. */
	async function counts(store: ChainStore): Promise<number[]> {
		const { tip, blocks } = await store.loadChain();
		const single = [await store.loadDefinition(), tip].map((value) => (value === undefined ? 0 : 1));
		const lists = [blocks, await store.loadTransactions(), await store.loadPeers()];
		return [...single, ...lists.map(({ length }) => length)];
	}

	const [all, none] = [
		[1, 1, 1, 1, 1],
		[0, 0, 0, 0, 0]
	];

	test('empties every free slot of it, and touches neither other elections nor labels', async () => {
		const locks = createMemoryLocks();
		const slots = [
			await claimNodeSlot({ locks, session: undefined }),
			await claimNodeSlot({ locks, session: session('7') })
		];
		for (const slot of slots) {
			await slot.saveLabel(`slot ${slot.index}`);
			await fill(slot, mine);
			await fill(slot, other);
			slot.close();
		}
		await forgetChains(mine, locks);
		for (const index of [0, 7]) {
			const slot = await claimNodeSlot({ locks, session: session(String(index)) });
			expect(slot.index).toBe(index);
			expect(await counts(slot.openChain(mine))).toEqual(none);
			expect(await counts(slot.openChain(other))).toEqual(all);
			expect(await slot.loadLabel()).toBe(`slot ${index}`);
		}
	});

	test('passes over slots in use, which go on working', async () => {
		const locks = createMemoryLocks();
		const living = await claimNodeSlot({ locks, session: undefined });
		const gone = await claimNodeSlot({ locks, session: undefined });
		for (const slot of [living, gone]) await fill(slot, mine);
		gone.close();
		await forgetChains(mine, locks);
		expect(await counts(living.openChain(mine))).toEqual(all);
		const next = await claimNodeSlot({ locks, session: undefined });
		expect(next.index).toBe(gone.index);
		expect(await counts(next.openChain(mine))).toEqual(none);
	});

	test('makes no databases, and leaves those of others alone', async () => {
		const names = async () => (await indexedDB.databases()).map(({ name }) => name).sort();
		await forgetChains(mine, createMemoryLocks());
		expect(await names()).toEqual([]);
		for (const name of ['pollen-wallet', 'pollen-node-x', 'my-pollen-node-1', 'pollen-node-1-old']) {
			const request = indexedDB.open(name, 3);
			await new Promise((resolve) => (request.onsuccess = resolve));
			request.result.close();
		}
		const before = await names();
		await forgetChains(mine, createMemoryLocks());
		expect(await names()).toEqual(before);
	});

	test('lets go of a slot that it could not empty', async () => {
		const locks = createMemoryLocks();
		const slot = await claimNodeSlot({ locks, session: undefined });
		await fill(slot, mine);
		slot.close();
		const deletion = vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
			throw new DOMException('Injected fault.', 'UnknownError');
		});
		try {
			await expect(forgetChains(mine, locks)).rejects.toMatchObject({ code: 'storage-failed' });
		} finally {
			deletion.mockRestore();
		}
		const again = await claimNodeSlot({ locks, session: undefined });
		expect(again.index).toBe(0);
		expect(await counts(again.openChain(mine))).toEqual(all);
	});

	test('without Web Locks it says that the context is insecure', async () => {
		// What a page gets outside a secure context; Node has no Web Locks either.
		vi.stubGlobal('navigator', {});
		try {
			await expect(forgetChains(mine)).rejects.toMatchObject({ code: 'insecure-context' });
		} finally {
			vi.unstubAllGlobals();
		}
	});

	test('a browser that does not tell its databases is storage-failed', async () => {
		const refusal = new DOMException('no', 'SecurityError');
		globalThis.indexedDB.databases = () => Promise.reject(refusal);
		await expect(forgetChains(mine, createMemoryLocks())).rejects.toMatchObject({
			code: 'storage-failed',
			cause: refusal
		});
	});
});
