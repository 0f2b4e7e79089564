import type { DBSchema, IDBPDatabase } from 'idb';
import type { BlockHash, ElectionId } from '../bytes/hash';
import { IdbDatabase } from './idbDatabase';
import type { StoredBlock, StoredTransaction } from './port';

/** The database of one slot: `pollen-node-<k>`. Every key but a setting's begins with the election it belongs to. */
export interface NodeSchema extends DBSchema {
	blocks: {
		key: [ElectionId, BlockHash];
		value: StoredBlock & { readonly electionId: ElectionId };
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

/** Describes the database of slot `index`; nothing is opened before the first call. */
export function nodeDatabase(index: number): NodeDatabase {
	return new IdbDatabase<NodeSchema>({ name: `pollen-node-${index}`, version: VERSION, upgrade: createStores });
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
