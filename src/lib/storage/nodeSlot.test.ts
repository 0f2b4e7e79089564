import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { createMemoryLocks } from './memoryLocks';
import { claimNodeSlot } from './nodeSlot';
import { askForPersistence } from './persistentStorage';

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
