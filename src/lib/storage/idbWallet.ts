import type { DBSchema } from 'idb';
import type { ElectionId, Nullifier } from '../bytes/hash';
import { compactBytes } from './compactBytes';
import { IdbDatabase } from './idbDatabase';
import type { StoredReceipt, Wallet, WalletElection } from './port';

interface WalletSchema extends DBSchema {
	receipts: {
		key: [ElectionId, Nullifier];
		value: StoredReceipt;
		indexes: { inOrderOfCasting: [ElectionId, number] };
	};
	elections: { key: ElectionId; value: WalletElection; indexes: { byOpening: number } };
}

const VERSION = 1;

/** The wallet of the browser profile, shared by its tabs: the database `pollen-wallet`, opened by the first call. */
export function openIdbWallet(): Wallet {
	const database = new IdbDatabase<WalletSchema>({
		name: 'pollen-wallet',
		version: VERSION,
		upgrade(created) {
			const receipts = created.createObjectStore('receipts', { keyPath: ['electionId', 'nullifier'] });
			receipts.createIndex('inOrderOfCasting', ['electionId', 'castAt']);
			created.createObjectStore('elections', { keyPath: 'electionId' }).createIndex('byOpening', 'openedAt');
		}
	});
	return {
		async saveReceipt(receipt) {
			const { electionId, nullifier, voterId, choices, castAt } = receipt;
			const transaction = compactBytes(receipt.transaction);
			await database.write(['receipts'], 'strict', (store) => {
				store('receipts').put({ electionId, nullifier, voterId, choices: [...choices], transaction, castAt });
			});
		},
		loadReceipts(electionId) {
			const own = IDBKeyRange.bound([electionId], [electionId, []]);
			return database.read(['receipts'], (tx) => tx.objectStore('receipts').index('inOrderOfCasting').getAll(own));
		},
		async saveElection({ electionId, title, openedAt }) {
			await database.write(['elections'], 'strict', (store) => {
				store('elections').put({ electionId, title, openedAt });
			});
		},
		async loadElections() {
			const oldestFirst = await database.read(['elections'], (tx) =>
				tx.objectStore('elections').index('byOpening').getAll()
			);
			return oldestFirst.reverse();
		},
		close() {
			database.close();
		}
	};
}
