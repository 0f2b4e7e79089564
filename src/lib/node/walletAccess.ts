import { openIdbWallet } from '../storage/idbWallet';
import type { Wallet } from '../storage/port';

/** Opens the wallet of the browser profile for one task: for pages that need no node. Rejects like the task, and storage-failed. */
export async function withWallet<T>(task: (wallet: Wallet) => Promise<T>): Promise<T> {
	const wallet = openIdbWallet();
	try {
		return await task(wallet);
	} finally {
		wallet.close();
	}
}
