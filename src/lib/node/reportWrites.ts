import { errorCode, type ErrorCode } from '../errors/pollenError';
import type { LedgerStore } from './ledgerCore';
import { timed } from './timed';

export type StorageFault = Extract<ErrorCode, 'storage-full' | 'storage-failed'>;

/** The same store, telling after each write whether it failed (or worked: undefined). */
export function reportWrites(store: LedgerStore, report: (fault: StorageFault | undefined) => void): LedgerStore {
	return {
		loadChain: () => store.loadChain(),
		loadBlock: (hash) => store.loadBlock(hash),
		loadTransactions: () => store.loadTransactions(),
		async commit(change, durability) {
			try {
				await timed('pollen commit', change.putBlocks?.length ?? 0, () => store.commit(change, durability));
			} catch (error) {
				report(errorCode(error, 'storage-failed') === 'storage-full' ? 'storage-full' : 'storage-failed');
				throw error;
			}
			report(undefined);
		}
	};
}
