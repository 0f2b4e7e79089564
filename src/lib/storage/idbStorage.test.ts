import 'fake-indexeddb/auto';
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { openDB, unwrap } from 'idb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { BlockHash, ElectionId, Hash, Nullifier } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { storageContract, type StorageHarness } from './contract';
import { IdbChainStore } from './idbChainStore';
import { IdbDatabase } from './idbDatabase';
import { failIdbDelete, failIdbPut } from './idbFaults';
import { openIdbWallet } from './idbWallet';
import { createMemoryLocks } from './memoryLocks';
import { nodeDatabase } from './nodeDatabase';
import { claimNodeSlot } from './nodeSlot';
import type { StoredBlock, StoredCredential, StoredReceipt } from './port';

const ELECTION = 'aa'.repeat(32) as ElectionId;
const BLOCK: StoredBlock = {
	hash: '01'.repeat(32) as BlockHash,
	height: 1,
	bytes: Uint8Array.of(1, 2, 3),
	arrival: 1,
	valid: true
};

const CREDENTIAL: StoredCredential = {
	electionId: ELECTION,
	voterId: 'V1',
	key: new Uint8Array(32).fill(7),
	commitment: '0c'.repeat(32) as Hash,
	enrolment: Uint8Array.of(1, 2, 3),
	createdAt: 5
};
const RECEIPT: StoredReceipt = {
	electionId: ELECTION,
	nullifier: '0d'.repeat(32) as Nullifier,
	voterId: 'V1',
	choices: [1, 255],
	transaction: Uint8Array.of(3, 9),
	castAt: 6
};

beforeEach(() => {
	globalThis.indexedDB = new IDBFactory();
});

function idbHarness(): StorageHarness {
	const locks = createMemoryLocks();
	const kept = new Map<string, string>();
	const session = {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value)
	};
	return {
		openSlot: () => claimNodeSlot({ locks, session }),
		openWallet: openIdbWallet,
		failPut: failIdbPut,
		failDelete: failIdbDelete
	};
}

describe('storage in IndexedDB keeps the contract', () => {
	test.each([...storageContract])('$name', async ({ run }) => {
		await run(idbHarness());
	});
});

/** Lets every request succeed and fails the transaction at its end, which is where browsers report a full disk. */
function failAtCommit(errorName: string): () => void {
	type Internal = IDBTransaction & { _abort(name: string): void };
	const original = IDBDatabase.prototype.transaction;
	IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...values) {
		const transaction = original.apply(this, values);
		if (values[1] !== 'readwrite') return transaction;
		const objectStore = transaction.objectStore.bind(transaction);
		transaction.objectStore = (name) => {
			const store = objectStore(name);
			const put = store.put.bind(store);
			store.put = (...written) => {
				const request = put(...written);
				request.addEventListener('success', () => (transaction as Internal)._abort(errorName));
				return request;
			};
			return store;
		};
		return transaction;
	};
	return () => {
		IDBDatabase.prototype.transaction = original;
	};
}

describe('errors', () => {
	test('a quota error that shows only when the transaction ends is storage-full, and nothing was written', async () => {
		const store = new IdbChainStore(nodeDatabase(0), ELECTION);
		await store.loadChain();
		const heal = failAtCommit('QuotaExceededError');
		try {
			const failure = await store.commit({ putBlocks: [BLOCK], tip: BLOCK.hash }, 'strict').catch((error) => error);
			expect(failure).toBeInstanceOf(PollenError);
			expect(failure).toMatchObject({ code: 'storage-full', cause: { name: 'QuotaExceededError' } });
		} finally {
			heal();
		}
		expect(await store.loadChain()).toEqual({ tip: undefined, blocks: [] });
	});

	test('the same for a credential, which is not said to be kept before it is', async () => {
		const wallet = openIdbWallet();
		await wallet.listElections();
		const heal = failAtCommit('QuotaExceededError');
		try {
			await expect(wallet.keepCredential(CREDENTIAL)).rejects.toMatchObject({
				code: 'storage-full',
				cause: { name: 'QuotaExceededError' }
			});
		} finally {
			heal();
		}
		expect(await wallet.loadCredentials(ELECTION)).toEqual([]);
		expect(await wallet.keepCredential(CREDENTIAL)).toEqual(CREDENTIAL);
	});

	test('an update that fails after a write leaves nothing', async () => {
		const database = nodeDatabase(0);
		const failure = new Error('changed my mind');
		const update = database.update(['settings'], 'strict', async (tx) => {
			await tx.objectStore('settings').put('written', 'label');
			throw failure;
		});
		await expect(update).rejects.toMatchObject({ code: 'storage-failed', cause: failure });
		expect(await database.read(['settings'], (tx) => tx.objectStore('settings').get('label'))).toBeUndefined();
	});

	test('an update that the browser aborts says why, not only that it was aborted', async () => {
		const database = nodeDatabase(0);
		const update = database.update(['settings'], 'strict', async (tx) => {
			const reading = tx.objectStore('settings').get('label');
			(unwrap(tx) as IDBTransaction & { _abort(name: string): void })._abort('QuotaExceededError');
			return reading;
		});
		await expect(update).rejects.toMatchObject({ code: 'storage-full', cause: { name: 'QuotaExceededError' } });
	});

	test('a key that IndexedDB refuses is storage-failed with its cause, and the writes before it are undone', async () => {
		const store = new IdbChainStore(nodeDatabase(0), ELECTION);
		const bad = { ...BLOCK, hash: {} as BlockHash };
		await expect(store.commit({ putBlocks: [BLOCK, bad], tip: BLOCK.hash }, 'strict')).rejects.toMatchObject({
			code: 'storage-failed',
			cause: { name: 'DataError' }
		});
		expect(await store.loadChain()).toEqual({ tip: undefined, blocks: [] });
	});
});

describe('durability', () => {
	test('reaches the transaction', async () => {
		const store = new IdbChainStore(nodeDatabase(0), ELECTION);
		await store.loadChain();
		const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
		await store.commit({ putBlocks: [BLOCK] }, 'strict');
		await store.commit({ putBlocks: [BLOCK] }, 'relaxed');
		const options = transaction.mock.calls.map((call) => call[2]);
		transaction.mockRestore();
		expect(options).toEqual([{ durability: 'strict' }, { durability: 'relaxed' }]);
	});

	test('of everything in the wallet is strict', async () => {
		const wallet = openIdbWallet();
		const election = { electionId: ELECTION, title: 'A', definition: Uint8Array.of(1), openedAt: 1 };
		const organiser = { electionId: ELECTION, secret: new Uint8Array(32), contacts: [], createdAt: 1 };
		await wallet.listElections();
		const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
		await wallet.saveReceipt(RECEIPT);
		await wallet.saveElection(election);
		await wallet.keepCredential(CREDENTIAL);
		await wallet.replaceCredential(CREDENTIAL);
		await wallet.saveOrganiser(organiser, election);
		await wallet.saveDraft({});
		await wallet.deleteDraft();
		await wallet.forgetElection(ELECTION);
		const options = transaction.mock.calls.map((call) => call.slice(1));
		transaction.mockRestore();
		expect(options).toEqual(Array.from({ length: 8 }, () => ['readwrite', { durability: 'strict' }]));
	});
});

describe('a wallet of version 1', () => {
	/** As version 1 made it. */
	async function makeOldWallet() {
		const old = await openDB('pollen-wallet', 1, {
			upgrade(database) {
				const receipts = database.createObjectStore('receipts', { keyPath: ['electionId', 'nullifier'] });
				receipts.createIndex('inOrderOfCasting', ['electionId', 'castAt']);
				database.createObjectStore('elections', { keyPath: 'electionId' }).createIndex('byOpening', 'openedAt');
			}
		});
		await old.put('receipts', RECEIPT);
		await old.put('elections', { electionId: ELECTION, title: 'A', openedAt: 1 });
		return old;
	}

	test('keeps its receipts; elections, which had no definition, are noted anew', async () => {
		(await makeOldWallet()).close();
		const wallet = openIdbWallet();
		expect(await wallet.loadReceipts(ELECTION)).toEqual([RECEIPT]);
		expect(await wallet.listElections()).toEqual([]);
		expect(await wallet.loadElection(ELECTION)).toBeUndefined();
		const election = { electionId: ELECTION, title: 'A', definition: Uint8Array.of(1), openedAt: 2 };
		await wallet.saveOrganiser(
			{ electionId: ELECTION, secret: new Uint8Array(32), contacts: [], createdAt: 2 },
			election
		);
		await wallet.keepCredential(CREDENTIAL);
		await wallet.saveDraft('draft');
		expect(await wallet.loadElection(ELECTION)).toEqual(election);
		expect(await wallet.listElections()).toMatchObject([{ isOrganiser: true, credentials: ['V1'], receipts: 1 }]);
		await wallet.saveReceipt({ ...RECEIPT, nullifier: '0e'.repeat(32) as Nullifier, castAt: 1 });
		expect((await wallet.loadReceipts(ELECTION)).map(({ castAt }) => castAt)).toEqual([1, 6]);
		wallet.close();
	});

	test('that another tab holds open is waited for, not destroyed', async () => {
		const old = await makeOldWallet();
		const wallet = openIdbWallet();
		const receipts = wallet.loadReceipts(ELECTION);
		setTimeout(() => old.close(), 20);
		expect(await receipts).toEqual([RECEIPT]);
		wallet.close();
	});
});

describe('connections', () => {
	test('lets a newer version in, and says so instead of hanging when its own version is gone', async () => {
		const store = new IdbChainStore(nodeDatabase(0), ELECTION);
		await store.savePeers(['p1']);
		const newer = await openDB('pollen-node-0', 2);
		await expect(store.loadPeers()).rejects.toMatchObject({
			code: 'storage-failed',
			cause: { name: 'VersionError' }
		});
		newer.close();
	});

	test('opens again after the database was deleted under it', async () => {
		const store = new IdbChainStore(nodeDatabase(0), ELECTION);
		await store.savePeers(['p1']);
		await new Promise((resolve, reject) => {
			const request = indexedDB.deleteDatabase('pollen-node-0');
			request.onsuccess = resolve;
			request.onerror = reject;
		});
		expect(await store.loadPeers()).toEqual([]);
		await store.savePeers(['p2']);
		expect(await store.loadPeers()).toEqual(['p2']);
	});

	test('opens again after the browser terminated the connection', async () => {
		const opened = vi.spyOn(IDBFactory.prototype, 'open');
		const store = new IdbChainStore(nodeDatabase(0), ELECTION);
		await store.savePeers(['p1']);
		forceCloseDatabase((opened.mock.results[0]?.value as IDBOpenDBRequest).result as never);
		await Promise.resolve();
		expect(await store.loadPeers()).toEqual(['p1']);
		expect(opened).toHaveBeenCalledTimes(2);
		opened.mockRestore();
	});

	test('opens again when the connection is closing without having said so', async () => {
		const opened = vi.spyOn(IDBFactory.prototype, 'open');
		const store = new IdbChainStore(nodeDatabase(0), ELECTION);
		await store.savePeers(['p1']);
		(opened.mock.results[0]?.value as IDBOpenDBRequest).result.close();
		await store.savePeers(['p2']);
		expect(await store.loadPeers()).toEqual(['p2']);
		opened.mockRestore();
	});

	test('gives up waiting for a tab that does not let go of an older version', async () => {
		const older = await openDB('stubborn', 1);
		const database = new IdbDatabase({ name: 'stubborn', version: 2, upgrade: () => undefined, blockedTimeoutMs: 20 });
		await expect(database.read([], async () => 1)).rejects.toMatchObject({ code: 'storage-failed' });
		older.close();
		database.close();
	});
});

describe('a block that is marked as checked', () => {
	const OTHER: StoredBlock = { ...BLOCK, hash: '02'.repeat(32) as BlockHash, height: 2, arrival: 2, valid: false };
	type Row = StoredBlock & { readonly seal?: string };

	/** Two blocks of which one was checked, and then whatever somebody writes into the database behind the store's back. */
	async function afterTampering(change: (rows: Map<string, Row>) => Row): Promise<(boolean | undefined)[]> {
		const database = nodeDatabase(0);
		const store = new IdbChainStore(database, ELECTION);
		await store.commit({ putBlocks: [BLOCK, OTHER], tip: BLOCK.hash }, 'strict');
		const rows = await database.read(['blocks'], (tx) => tx.objectStore('blocks').getAll());
		const changed = change(new Map(rows.map((row) => [row.hash, row])));
		await database.write(['blocks'], 'strict', (name) => {
			name('blocks').put({ electionId: ELECTION, ...changed });
		});
		database.close();
		const again = new IdbChainStore(nodeDatabase(0), ELECTION);
		const { blocks } = await again.loadChain();
		for (const { hash, valid } of blocks) expect((await again.loadBlock(hash))?.valid).toBe(valid);
		return [BLOCK, OTHER].map(({ hash }) => blocks.find((block) => block.hash === hash)?.valid);
	}

	test('is so after a restart', async () => {
		expect(await afterTampering((rows) => rows.get(BLOCK.hash)!)).toEqual([true, false]);
	});

	test('is not, when the mark was set behind our back', async () => {
		expect(await afterTampering((rows) => ({ ...rows.get(OTHER.hash)!, valid: true }))).toEqual([true, false]);
	});

	test('is not, when the mark comes with the seal of another', async () => {
		const copied = (rows: Map<string, Row>) => ({
			...rows.get(OTHER.hash)!,
			valid: true,
			seal: rows.get(BLOCK.hash)!.seal!
		});
		expect(await afterTampering(copied)).toEqual([true, false]);
	});

	test('is not, when it takes the place of the one that was checked', async () => {
		const swapped = (rows: Map<string, Row>) => ({ ...rows.get(BLOCK.hash)!, hash: OTHER.hash });
		expect(await afterTampering(swapped)).toEqual([true, false]);
	});

	test('is not, in another election or under the key of another slot', async () => {
		const [mine, elsewhere] = [nodeDatabase(0), nodeDatabase(1)];
		await new IdbChainStore(mine, ELECTION).commit({ putBlocks: [BLOCK] }, 'strict');
		const [row] = await mine.read(['blocks'], (tx) => tx.objectStore('blocks').getAll());
		const otherElection = 'bb'.repeat(32) as ElectionId;
		for (const [database, electionId] of [
			[mine, otherElection],
			[elsewhere, ELECTION]
		] as const) {
			const store = new IdbChainStore(database, electionId);
			await store.loadChain();
			await database.write(['blocks'], 'strict', (name) => {
				name('blocks').put({ ...row, electionId });
			});
			expect((await store.loadBlock(BLOCK.hash))?.valid).toBe(false);
		}
	});

	test('was written by a version without seals: it is proved once more', async () => {
		const unsealed = (rows: Map<string, Row>) => {
			const { seal, ...row } = rows.get(BLOCK.hash)!;
			expect(seal).toMatch(/^[0-9a-f]{32}$/);
			return row;
		};
		expect(await afterTampering(unsealed)).toEqual([false, false]);
	});
});
