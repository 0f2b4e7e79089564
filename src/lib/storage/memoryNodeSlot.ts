import { MemoryChainStore } from './memoryChainStore';
import { createMemoryDisk, type MemoryDisk } from './memoryDisk';
import type { NodeSlot } from './port';
import { closedError, storageError } from './storageError';

const LABEL_KEY = 'label';

/** A {@link NodeSlot} on a {@link MemoryDisk} of its own. Opening another on the same disk restarts the node. */
export function openMemoryNodeSlot(disk: MemoryDisk = createMemoryDisk(), index = 0): NodeSlot {
	const stores = new Set<MemoryChainStore>();
	let closed = false;
	return {
		index,
		async loadLabel() {
			if (closed) throw closedError();
			return disk.settings.get(LABEL_KEY) ?? '';
		},
		async saveLabel(label) {
			if (closed) throw closedError();
			try {
				disk.beforePut?.();
			} catch (error) {
				throw storageError(error);
			}
			disk.settings.set(LABEL_KEY, label);
		},
		openChain(electionId) {
			const store = new MemoryChainStore(disk, electionId);
			if (closed) store.close();
			stores.add(store);
			return store;
		},
		close() {
			closed = true;
			for (const store of stores) store.close();
		}
	};
}
