import type { BlockHash, ElectionId, TransactionId } from '../bytes/hash';
import type {
	StoredBlock,
	StoredCredential,
	StoredOrganiser,
	StoredReceipt,
	StoredTransaction,
	WalletElection
} from './port';

/** What one election keeps on a {@link MemoryDisk}. */
export interface MemoryElection {
	definition: Uint8Array | undefined;
	tip: BlockHash | undefined;
	blocks: Map<BlockHash, StoredBlock>;
	transactions: Map<TransactionId, StoredTransaction>;
	peers: string[];
}

/** What a wallet keeps on a {@link MemoryDisk}. */
export interface MemoryWalletData {
	readonly elections: Map<ElectionId, WalletElection>;
	/** By election and nullifier. */
	readonly receipts: Map<string, StoredReceipt>;
	/** By election and voter ID. */
	readonly credentials: Map<string, StoredCredential>;
	readonly organisers: Map<ElectionId, StoredOrganiser>;
	draft: unknown;
}

/**
 * What the memory adapters write to. It outlives them, as a disk outlives a tab: a test that closes a slot (or simply
 * forgets it) and opens another on the same disk has restarted the node.
 */
export interface MemoryDisk {
	readonly elections: Map<ElectionId, MemoryElection>;
	readonly settings: Map<string, string>;
	wallet: MemoryWalletData;
	/** Fault injection: called before every single put; what it throws fails the whole change. */
	beforePut: (() => void) | undefined;
	/** The same for deletions from the wallet, of one record or of all that an election has of a kind. */
	beforeDelete?: (() => void) | undefined;
}

export function createMemoryDisk(): MemoryDisk {
	return {
		elections: new Map(),
		settings: new Map(),
		wallet: {
			elections: new Map(),
			receipts: new Map(),
			credentials: new Map(),
			organisers: new Map(),
			draft: undefined
		},
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

/** The same for the wallet. */
export function changeWallet(disk: MemoryDisk, change: (draft: MemoryWalletData) => void): void {
	const { elections, receipts, credentials, organisers, draft: form } = disk.wallet;
	const draft: MemoryWalletData = {
		elections: new Map(elections),
		receipts: new Map(receipts),
		credentials: new Map(credentials),
		organisers: new Map(organisers),
		draft: form
	};
	change(draft);
	disk.wallet = draft;
}
