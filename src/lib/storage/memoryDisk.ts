import type { BlockHash, ElectionId, TransactionId } from '../bytes/hash';
import type { StoredBlock, StoredReceipt, StoredTransaction, WalletElection } from './port';

/** What one election keeps on a {@link MemoryDisk}. */
export interface MemoryElection {
	definition: Uint8Array | undefined;
	tip: BlockHash | undefined;
	blocks: Map<BlockHash, StoredBlock>;
	transactions: Map<TransactionId, StoredTransaction>;
	peers: string[];
}

/**
 * What the memory adapters write to. It outlives them, as a disk outlives a tab: a test that closes a slot (or simply
 * forgets it) and opens another on the same disk has restarted the node.
 */
export interface MemoryDisk {
	readonly elections: Map<ElectionId, MemoryElection>;
	readonly settings: Map<string, string>;
	readonly receipts: Map<string, StoredReceipt>;
	readonly walletElections: Map<ElectionId, WalletElection>;
	/** Fault injection: called before every single write; what it throws fails the whole change. */
	beforePut: (() => void) | undefined;
}

export function createMemoryDisk(): MemoryDisk {
	return {
		elections: new Map(),
		settings: new Map(),
		receipts: new Map(),
		walletElections: new Map(),
		beforePut: undefined
	};
}

export function emptyElection(): MemoryElection {
	return { definition: undefined, tip: undefined, blocks: new Map(), transactions: new Map(), peers: [] };
}

/**
 * Applies `change` to a copy of what `electionId` has and keeps the copy only when nothing threw: the atomic commit of a
 * real database.
 */
export function changeElection(
	disk: MemoryDisk,
	electionId: ElectionId,
	change: (draft: MemoryElection) => void
): void {
	const before = disk.elections.get(electionId) ?? emptyElection();
	const draft: MemoryElection = {
		...before,
		blocks: new Map(before.blocks),
		transactions: new Map(before.transactions),
		peers: [...before.peers]
	};
	change(draft);
	disk.elections.set(electionId, draft);
}
