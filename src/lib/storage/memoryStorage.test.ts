import { describe, expect, test } from 'vitest';
import type { ElectionId } from '../bytes/hash';
import { storageContract, type StorageHarness } from './contract';
import { createMemoryDisk, type MemoryDisk } from './memoryDisk';
import { openMemoryNodeSlot } from './memoryNodeSlot';
import { openMemoryWallet } from './memoryWallet';

function memoryHarness(): StorageHarness {
	const disk = createMemoryDisk();
	return {
		openSlot: async () => openMemoryNodeSlot(disk),
		openWallet: () => openMemoryWallet(disk),
		failPut: (after, errorName) => fail(disk, 'beforePut', after, errorName),
		failDelete: (after, errorName) => fail(disk, 'beforeDelete', after, errorName)
	};
}

function fail(disk: MemoryDisk, hook: 'beforePut' | 'beforeDelete', after: number, errorName: string): () => void {
	let passed = 0;
	disk[hook] = () => {
		if (passed++ >= after) throw new DOMException('Injected fault.', errorName);
	};
	return () => (disk[hook] = undefined);
}

describe('storage in memory keeps the contract', () => {
	test.each([...storageContract])('$name', async ({ run }) => {
		await run(memoryHarness());
	});
});

test('a slot that was never closed leaves its disk to the next, as a crashed tab does', async () => {
	const disk = createMemoryDisk();
	const election = 'aa'.repeat(32) as ElectionId;
	await openMemoryNodeSlot(disk).openChain(election).savePeers(['p1']);
	expect(await openMemoryNodeSlot(disk).openChain(election).loadPeers()).toEqual(['p1']);
	expect(await openMemoryNodeSlot().openChain(election).loadPeers()).toEqual([]);
});
