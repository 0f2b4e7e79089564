import type { ElectionId } from '../bytes/hash';
import { changeWallet, createMemoryDisk, type MemoryDisk, type MemoryWalletData } from './memoryDisk';
import type { StoredCredential, StoredReceipt, Wallet } from './port';
import { closedError, storageError } from './storageError';
import { credentialRow, electionRow, organiserRow, receiptRow } from './walletRows';

/** A {@link Wallet} on a {@link MemoryDisk}; wallets on one disk are tabs of one browser profile. */
export function openMemoryWallet(disk: MemoryDisk = createMemoryDisk()): Wallet {
	let closed = false;

	function stored(): MemoryWalletData {
		if (closed) throw closedError();
		return disk.wallet;
	}

	/** Everything that `body` writes, or nothing. */
	function change(body: (draft: MemoryWalletData, step: Steps) => void): void {
		if (closed) throw closedError();
		try {
			changeWallet(disk, (draft) => body(draft, stepsOn(disk)));
		} catch (error) {
			throw storageError(error);
		}
	}

	return {
		async saveReceipt(receipt) {
			const row = receiptRow(receipt);
			change(({ receipts }, { put }) => put(() => receipts.set(receiptKey(row), row)));
		},
		async loadReceipts(electionId) {
			return ownOf(stored().receipts, electionId)
				.sort((a, b) => a.castAt - b.castAt)
				.map(receiptRow);
		},

		async saveElection(election) {
			const row = electionRow(election);
			change(({ elections }, { put }) => put(() => elections.set(row.electionId, row)));
		},
		async loadElection(electionId) {
			const election = stored().elections.get(electionId);
			return election && electionRow(election);
		},
		async listElections() {
			const { elections, receipts, credentials, organisers } = stored();
			const latestFirst = [...elections.values()].sort((a, b) => b.openedAt - a.openedAt);
			return latestFirst.map(({ electionId, title, openedAt }) => ({
				electionId,
				title,
				openedAt,
				isOrganiser: organisers.has(electionId),
				credentials: inOrderOfVoters(ownOf(credentials, electionId)).map(({ voterId }) => voterId),
				receipts: ownOf(receipts, electionId).length
			}));
		},
		async forgetElection(electionId) {
			change(({ elections, receipts, credentials, organisers }, { remove }) => {
				remove(() => elections.delete(electionId));
				remove(() => ownOf(receipts, electionId).forEach((receipt) => receipts.delete(receiptKey(receipt))));
				remove(() => ownOf(credentials, electionId).forEach((own) => credentials.delete(credentialKey(own))));
				remove(() => organisers.delete(electionId));
			});
		},

		async keepCredential(credential) {
			const row = credentialRow(credential);
			const kept = stored().credentials.get(credentialKey(row));
			if (kept) return credentialRow(kept);
			change(({ credentials }, { put }) => put(() => credentials.set(credentialKey(row), row)));
			return credentialRow(row);
		},
		async loadCredential(electionId, voterId) {
			const credential = stored().credentials.get(credentialKey({ electionId, voterId }));
			return credential && credentialRow(credential);
		},
		async loadCredentials(electionId) {
			return inOrderOfVoters(ownOf(stored().credentials, electionId)).map(credentialRow);
		},
		async replaceCredential(credential) {
			const row = credentialRow(credential);
			change(({ credentials }, { put }) => put(() => credentials.set(credentialKey(row), row)));
		},

		async saveOrganiser(organiser, election) {
			const [organiserCopy, electionCopy] = [organiserRow(organiser), electionRow(election)];
			change(({ organisers, elections }, { put }) => {
				put(() => organisers.set(organiserCopy.electionId, organiserCopy));
				put(() => elections.set(electionCopy.electionId, electionCopy));
			});
		},
		async loadOrganiser(electionId) {
			const organiser = stored().organisers.get(electionId);
			return organiser && organiserRow(organiser);
		},

		async saveDraft(draft) {
			change((wallet, { put }) => put(() => (wallet.draft = structuredClone(draft))));
		},
		async loadDraft() {
			return structuredClone(stored().draft);
		},
		async deleteDraft() {
			change((wallet, { remove }) => remove(() => (wallet.draft = undefined)));
		},

		close() {
			closed = true;
		}
	};
}

/** Single writes, each of which a fault can hit. */
interface Steps {
	put(write: () => void): void;
	remove(write: () => void): void;
}

function stepsOn(disk: MemoryDisk): Steps {
	return {
		put(write) {
			disk.beforePut?.();
			write();
		},
		remove(write) {
			disk.beforeDelete?.();
			write();
		}
	};
}

function ownOf<Row extends { readonly electionId: ElectionId }>(
	rows: ReadonlyMap<string, Row>,
	electionId: ElectionId
): Row[] {
	return [...rows.values()].filter((row) => row.electionId === electionId);
}

function inOrderOfVoters(credentials: readonly StoredCredential[]): StoredCredential[] {
	return [...credentials].sort((a, b) => (a.voterId < b.voterId ? -1 : 1));
}

function receiptKey({ electionId, nullifier }: Pick<StoredReceipt, 'electionId' | 'nullifier'>): string {
	return `${electionId}/${nullifier}`;
}

function credentialKey({ electionId, voterId }: Pick<StoredCredential, 'electionId' | 'voterId'>): string {
	return `${electionId}/${voterId}`;
}
