import type { BlockHash, TransactionId } from '../../../src/lib/bytes/hash';
import { decodeBlock } from '../../../src/lib/election/block';
import { transactionId } from '../../../src/lib/election/transaction';
import type { ChainStore, StoredBlock } from '../../../src/lib/storage/port';

interface SharedBlock {
	readonly hash: BlockHash;
	readonly bytes: Uint8Array;
	readonly ballots: readonly TransactionId[];
}

/** Called when a node has made something its own, written or not. */
export interface StoreEvents {
	ballot(id: TransactionId): void;
	/** A block on its main chain. */
	block(hash: BlockHash): void;
}

/**
 * Disks of a thousand nodes in one process: the bytes of a block are kept once, and pending transactions are only counted,
 * because nobody is started again.
 */
export class SharedBlocks {
	readonly #blocks = new Map<BlockHash, SharedBlock>();

	/** The same store, but for blocks and transactions. */
	store(store: ChainStore, events: StoreEvents): ChainStore {
		const own = new Map<BlockHash, StoredBlock>();
		let tip: BlockHash | undefined;
		return {
			loadDefinition: () => store.loadDefinition(),
			saveDefinition: (definition) => store.saveDefinition(definition),
			loadChain: () => Promise.resolve({ tip, blocks: [...own.values()] }),
			loadBlock: (hash) => Promise.resolve(own.get(hash)),
			loadTransactions: () => Promise.resolve([]),
			commit: (change) => {
				tip = change.tip ?? tip;
				for (const hash of change.deleteBlocks ?? []) own.delete(hash);
				for (const { id } of change.putTransactions ?? []) events.ballot(id);
				for (const block of change.putBlocks ?? []) {
					const { hash, bytes, ballots } = this.#share(block);
					own.set(hash, { ...block, hash, bytes });
					if (!block.valid) continue;
					for (const id of ballots) events.ballot(id);
					events.block(hash);
				}
				return Promise.resolve();
			},
			loadPeers: () => store.loadPeers(),
			savePeers: (peerIds) => store.savePeers(peerIds),
			clear: () => store.clear(),
			close: () => store.close()
		};
	}

	#share({ hash, bytes }: StoredBlock): SharedBlock {
		const known = this.#blocks.get(hash);
		if (known) return known;
		const shared = { hash, bytes: bytes.slice(), ballots: decodeBlock(bytes).transactions.map(transactionId) };
		this.#blocks.set(hash, shared);
		return shared;
	}
}
