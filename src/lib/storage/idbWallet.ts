import type { ElectionId } from '../bytes/hash';
import type { StoredReceipt, Wallet, WalletEntry } from './port';
import { DRAFT_KEY, walletDatabase, type WalletDatabase } from './walletDatabase';
import { credentialRow, electionRow, organiserRow, receiptRow } from './walletRows';

/** The wallet of the browser profile, opened by the first call. */
export function openIdbWallet(): Wallet {
	const database = walletDatabase();
	return {
		async saveReceipt(receipt) {
			const row = receiptRow(receipt);
			await database.write(['receipts'], 'strict', (store) => void store('receipts').put(row));
		},
		loadReceipts: (electionId) => loadReceipts(database, electionId),

		async saveElection(election) {
			const row = electionRow(election);
			await database.write(['elections'], 'strict', (store) => void store('elections').put(row));
		},
		loadElection: (electionId) => database.read(['elections'], (tx) => tx.objectStore('elections').get(electionId)),
		listElections: () => listElections(database),
		async forgetElection(electionId) {
			const own = ownKeys(electionId);
			await database.write(['elections', 'receipts', 'credentials', 'organisers'], 'strict', (store) => {
				store('elections').delete(electionId);
				store('receipts').delete(own);
				store('credentials').delete(own);
				store('organisers').delete(electionId);
			});
		},

		async keepCredential(credential) {
			const row = credentialRow(credential);
			// Looking and writing in one transaction, so that two tabs that enrol one voter end up with one credential.
			return database.update(['credentials'], 'strict', async (tx) => {
				const store = tx.objectStore('credentials');
				const kept = await store.get([row.electionId, row.voterId]);
				if (kept) return kept;
				await store.put(row);
				return row;
			});
		},
		loadCredential: (electionId, voterId) =>
			database.read(['credentials'], (tx) => tx.objectStore('credentials').get([electionId, voterId])),
		loadCredentials: (electionId) =>
			database.read(['credentials'], (tx) => tx.objectStore('credentials').getAll(ownKeys(electionId))),
		async replaceCredential(credential) {
			const row = credentialRow(credential);
			await database.write(['credentials'], 'strict', (store) => void store('credentials').put(row));
		},

		async saveOrganiser(organiser, election) {
			const rows = [organiserRow(organiser), electionRow(election)];
			await database.write(['organisers', 'elections'], 'strict', (store) => {
				store('organisers').put(rows[0]);
				store('elections').put(rows[1]);
			});
		},
		loadOrganiser: (electionId) => database.read(['organisers'], (tx) => tx.objectStore('organisers').get(electionId)),

		async saveDraft(draft) {
			await database.write(['drafts'], 'strict', (store) => void store('drafts').put(draft, DRAFT_KEY));
		},
		loadDraft: () => database.read(['drafts'], (tx) => tx.objectStore('drafts').get(DRAFT_KEY)),
		async deleteDraft() {
			await database.write(['drafts'], 'strict', (store) => void store('drafts').delete(DRAFT_KEY));
		},

		close() {
			database.close();
		}
	};
}

function loadReceipts(database: WalletDatabase, electionId: ElectionId): Promise<StoredReceipt[]> {
	return database.read(['receipts'], (tx) =>
		tx.objectStore('receipts').index('inOrderOfCasting').getAll(ownKeys(electionId))
	);
}

/** All of one moment, and without reading a secret: keys and counts say enough. */
function listElections(database: WalletDatabase): Promise<WalletEntry[]> {
	return database.read(['elections', 'receipts', 'credentials', 'organisers'], async (tx) => {
		const oldestFirst = await tx.objectStore('elections').index('byOpening').getAll();
		const entries = oldestFirst.reverse().map(async ({ electionId, title, openedAt }): Promise<WalletEntry> => {
			const [organisers, credentials, receipts] = await Promise.all([
				tx.objectStore('organisers').count(electionId),
				tx.objectStore('credentials').getAllKeys(ownKeys(electionId)),
				tx.objectStore('receipts').count(ownKeys(electionId))
			]);
			const voterIds = credentials.map(([, voterId]) => voterId);
			return { electionId, title, openedAt, isOrganiser: organisers > 0, credentials: voterIds, receipts };
		});
		return Promise.all(entries);
	});
}

/** All keys that begin with this election: an array sorts after every number and string, an empty one before others. */
function ownKeys(electionId: ElectionId): IDBKeyRange {
	return IDBKeyRange.bound([electionId], [electionId, []]);
}
