import type { DBSchema, IDBPDatabase } from 'idb';
import type { ElectionId, Nullifier } from '../bytes/hash';
import { IdbDatabase } from './idbDatabase';
import type { StoredCredential, StoredOrganiser, StoredReceipt, WalletElection } from './port';

/** The database of the browser profile, shared by its tabs: `pollen-wallet`. */
export interface WalletSchema extends DBSchema {
	receipts: {
		key: [ElectionId, Nullifier];
		value: StoredReceipt;
		indexes: { inOrderOfCasting: [ElectionId, number] };
	};
	elections: { key: ElectionId; value: WalletElection; indexes: { byOpening: number } };
	credentials: { key: [ElectionId, string]; value: StoredCredential };
	organisers: { key: ElectionId; value: StoredOrganiser };
	/** One record, {@link DRAFT_KEY}. */
	drafts: { key: string; value: unknown };
}

export type WalletDatabase = IdbDatabase<WalletSchema>;

export const DRAFT_KEY = 'new-election';

const VERSION = 2;

/** Describes the wallet's database; nothing is opened before the first call. */
export function walletDatabase(): WalletDatabase {
	return new IdbDatabase<WalletSchema>({ name: 'pollen-wallet', version: VERSION, upgrade });
}

/**
 * Version 1 had receipts and elections. Receipts stay. Its elections had no definition, so none of them could be opened
 * from the wallet: they are dropped, and noted again when they are opened.
 */
function upgrade(database: IDBPDatabase<WalletSchema>, oldVersion: number): void {
	if (oldVersion === 0) {
		const receipts = database.createObjectStore('receipts', { keyPath: ['electionId', 'nullifier'] });
		receipts.createIndex('inOrderOfCasting', ['electionId', 'castAt']);
	} else {
		database.deleteObjectStore('elections');
	}
	database.createObjectStore('elections', { keyPath: 'electionId' }).createIndex('byOpening', 'openedAt');
	database.createObjectStore('credentials', { keyPath: ['electionId', 'voterId'] });
	database.createObjectStore('organisers', { keyPath: 'electionId' });
	database.createObjectStore('drafts');
}
