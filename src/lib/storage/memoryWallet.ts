import { createMemoryDisk, type MemoryDisk } from './memoryDisk';
import type { StoredReceipt, Wallet } from './port';
import { closedError, storageError } from './storageError';

/** A {@link Wallet} on a {@link MemoryDisk}; wallets on one disk are tabs of one browser profile. */
export function openMemoryWallet(disk: MemoryDisk = createMemoryDisk()): Wallet {
	let closed = false;
	function assertOpen(): void {
		if (closed) throw closedError();
	}
	function put(write: () => void): void {
		assertOpen();
		try {
			disk.beforePut?.();
		} catch (error) {
			throw storageError(error);
		}
		write();
	}
	return {
		async saveReceipt(receipt) {
			put(() => disk.receipts.set(`${receipt.electionId}/${receipt.nullifier}`, copyReceipt(receipt)));
		},
		async loadReceipts(electionId) {
			assertOpen();
			const own = [...disk.receipts.values()].filter((receipt) => receipt.electionId === electionId);
			return own.sort((a, b) => a.castAt - b.castAt).map(copyReceipt);
		},
		async saveElection(election) {
			put(() => disk.walletElections.set(election.electionId, { ...election }));
		},
		async loadElections() {
			assertOpen();
			return [...disk.walletElections.values()].sort((a, b) => b.openedAt - a.openedAt);
		},
		close() {
			closed = true;
		}
	};
}

function copyReceipt(receipt: StoredReceipt): StoredReceipt {
	return { ...receipt, choices: [...receipt.choices], transaction: receipt.transaction.slice() };
}
