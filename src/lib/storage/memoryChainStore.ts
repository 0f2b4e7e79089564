import type { BlockHash, ElectionId } from '../bytes/hash';
import { MAX_STORED_PEERS } from './limits';
import { changeElection, type MemoryDisk, type MemoryElection } from './memoryDisk';
import type { ChainChange, ChainStore, StoredBlock, StoredTransaction } from './port';
import { closedError, storageError } from './storageError';

/** A {@link ChainStore} on a {@link MemoryDisk}. Bytes are copied both ways, as a real database does. */
export class MemoryChainStore implements ChainStore {
	readonly #disk: MemoryDisk;
	readonly #electionId: ElectionId;
	#closed = false;

	constructor(disk: MemoryDisk, electionId: ElectionId) {
		this.#disk = disk;
		this.#electionId = electionId;
	}

	async loadDefinition(): Promise<Uint8Array | undefined> {
		return this.#stored()?.definition?.slice();
	}

	async saveDefinition(definition: Uint8Array): Promise<void> {
		this.#change((draft, put) => put(() => (draft.definition = definition.slice())));
	}

	async loadChain(): Promise<{ tip: BlockHash | undefined; blocks: StoredBlock[] }> {
		const stored = this.#stored();
		const blocks = [...(stored?.blocks.values() ?? [])].map(copyBlock);
		blocks.sort((a, b) => a.height - b.height || a.arrival - b.arrival);
		return { tip: stored?.tip, blocks };
	}

	async loadBlock(hash: BlockHash): Promise<StoredBlock | undefined> {
		const block = this.#stored()?.blocks.get(hash);
		return block && copyBlock(block);
	}

	async loadTransactions(): Promise<StoredTransaction[]> {
		const transactions = [...(this.#stored()?.transactions.values() ?? [])].map(copyTransaction);
		return transactions.sort((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));
	}

	async commit(change: ChainChange): Promise<void> {
		this.#change((draft, put) => {
			for (const hash of change.deleteBlocks ?? []) draft.blocks.delete(hash);
			for (const block of change.putBlocks ?? []) put(() => draft.blocks.set(block.hash, copyBlock(block)));
			for (const id of change.deleteTransactions ?? []) draft.transactions.delete(id);
			for (const transaction of change.putTransactions ?? []) {
				put(() => draft.transactions.set(transaction.id, copyTransaction(transaction)));
			}
			const tip = change.tip;
			if (tip !== undefined) put(() => (draft.tip = tip));
		});
	}

	async loadPeers(): Promise<string[]> {
		return [...(this.#stored()?.peers ?? [])];
	}

	async savePeers(peerIds: readonly string[]): Promise<void> {
		this.#change((draft, put) => put(() => (draft.peers = peerIds.slice(0, MAX_STORED_PEERS))));
	}

	async clear(): Promise<void> {
		this.#assertOpen();
		this.#disk.elections.delete(this.#electionId);
	}

	close(): void {
		this.#closed = true;
	}

	#stored(): MemoryElection | undefined {
		this.#assertOpen();
		return this.#disk.elections.get(this.#electionId);
	}

	#change(body: (draft: MemoryElection, put: (write: () => void) => void) => void): void {
		this.#assertOpen();
		try {
			changeElection(this.#disk, this.#electionId, (draft) =>
				body(draft, (write) => {
					this.#disk.beforePut?.();
					write();
				})
			);
		} catch (error) {
			throw storageError(error);
		}
	}

	#assertOpen(): void {
		if (this.#closed) throw closedError();
	}
}

function copyBlock({ hash, height, bytes, arrival, valid }: StoredBlock): StoredBlock {
	return { hash, height, bytes: bytes.slice(), arrival, valid };
}

function copyTransaction({ id, bytes, receivedAt }: StoredTransaction): StoredTransaction {
	return { id, bytes: bytes.slice(), receivedAt };
}
