import type { DBSchema, IDBPDatabase } from 'idb';
import type { BlockHash, ElectionId } from '../bytes/hash';
import { IdbDatabase } from './idbDatabase';
import type { StoredBlock, StoredTransaction } from './port';
import { storageError } from './storageError';

/** The database of one slot: `pollen-node-<k>`. Every key but a setting's begins with the election it belongs to. */
export interface NodeSchema extends DBSchema {
	blocks: {
		key: [ElectionId, BlockHash];
		/** `seal` stands beside a block that is valid: see seal.ts. */
		value: StoredBlock & { readonly electionId: ElectionId; readonly seal?: string };
		indexes: { inChainOrder: [ElectionId, number, number] };
	};
	tips: { key: ElectionId; value: BlockHash };
	transactions: {
		key: [ElectionId, string];
		value: StoredTransaction & { readonly electionId: ElectionId };
		indexes: { inOrderOfArrival: [ElectionId, number, string] };
	};
	definitions: { key: ElectionId; value: Uint8Array };
	peers: { key: ElectionId; value: readonly string[] };
	settings: { key: string; value: string };
}

export type NodeDatabase = IdbDatabase<NodeSchema>;

const VERSION = 1;
const NAME = /^pollen-node-([0-9]+)$/;

/** Describes the database of slot `index`; nothing is opened before the first call. */
export function nodeDatabase(index: number): NodeDatabase {
	return new IdbDatabase<NodeSchema>({ name: `pollen-node-${index}`, version: VERSION, upgrade: createStores });
}

/** Indices of the slots that have a database in this browser profile. Rejects with storage-failed. */
export async function storedSlots(): Promise<number[]> {
	try {
		const databases = await indexedDB.databases();
		const indices = databases.map(({ name }) => NAME.exec(name ?? '')?.[1]);
		return indices.filter((index) => index !== undefined).map(Number);
	} catch (error) {
		throw storageError(error);
	}
}

function createStores(database: IDBPDatabase<NodeSchema>): void {
	const blocks = database.createObjectStore('blocks', { keyPath: ['electionId', 'hash'] });
	blocks.createIndex('inChainOrder', ['electionId', 'height', 'arrival']);
	const transactions = database.createObjectStore('transactions', { keyPath: ['electionId', 'id'] });
	transactions.createIndex('inOrderOfArrival', ['electionId', 'receivedAt', 'id']);
	database.createObjectStore('tips');
	database.createObjectStore('definitions');
	database.createObjectStore('peers');
	database.createObjectStore('settings');
}
