import type { BlockHash, ElectionId, Nullifier, TransactionId } from '../bytes/hash';

/** A block as stored: encoded bytes, and what this node already knows about it so that nothing is proved twice. */
export interface StoredBlock {
	readonly hash: BlockHash;
	readonly height: number;
	/** The encoded block: header and transactions. */
	readonly bytes: Uint8Array;
	/** Order of arrival on this node: a tie in work goes to the lower. */
	readonly arrival: number;
	/** Whether every rule was checked, proofs included, when the block was connected. */
	readonly valid: boolean;
}

export interface StoredTransaction {
	readonly id: TransactionId;
	readonly bytes: Uint8Array;
	/** Milliseconds since the epoch at which this node accepted it. */
	readonly receivedAt: number;
}

/** Changes that are written together or not at all. */
export interface ChainChange {
	readonly putBlocks?: readonly StoredBlock[];
	readonly deleteBlocks?: readonly BlockHash[];
	readonly tip?: BlockHash;
	readonly putTransactions?: readonly StoredTransaction[];
	readonly deleteTransactions?: readonly TransactionId[];
}

/** `strict`: on disk before the promise resolves (own ballots, tip changes). `relaxed`: bulk sync. */
export type Durability = 'strict' | 'relaxed';

/** What one node keeps of one election. All methods reject with storage-full or storage-failed. */
export interface ChainStore {
	/** The canonical definition, if this election was opened here before. */
	loadDefinition(): Promise<Uint8Array | undefined>;
	saveDefinition(definition: Uint8Array): Promise<void>;
	/** Tip hash as last committed, and all blocks ordered by height, then arrival. */
	loadChain(): Promise<{ tip: BlockHash | undefined; blocks: StoredBlock[] }>;
	loadBlock(hash: BlockHash): Promise<StoredBlock | undefined>;
	loadTransactions(): Promise<StoredTransaction[]>;
	/** Atomic. */
	commit(change: ChainChange, durability: Durability): Promise<void>;
	/** Peers worth dialling again after a restart, at most 32, newest first. */
	loadPeers(): Promise<string[]>;
	savePeers(peerIds: readonly string[]): Promise<void>;
	/** Forgets everything of this election (used when what is stored contradicts itself). */
	clear(): Promise<void>;
	close(): void;
}

/** A ballot that was cast on this device. The only place where a voter ID stands beside a ballot. */
export interface StoredReceipt {
	readonly electionId: ElectionId;
	readonly nullifier: Nullifier;
	readonly voterId: string;
	readonly choices: readonly number[];
	/** The encoded ballot, to send again if every peer lost it. */
	readonly transaction: Uint8Array;
	/** Milliseconds since the epoch. */
	readonly castAt: number;
}

export interface WalletElection {
	readonly electionId: ElectionId;
	readonly title: string;
	readonly openedAt: number;
}

/** Shared by all tabs of one browser profile. */
export interface Wallet {
	/** Written with strict durability. */
	saveReceipt(receipt: StoredReceipt): Promise<void>;
	loadReceipts(electionId: ElectionId): Promise<StoredReceipt[]>;
	saveElection(election: WalletElection): Promise<void>;
	loadElections(): Promise<WalletElection[]>;
	close(): void;
}

/** This tab's slot: a number k that no other living tab of the profile holds, and the settings kept with it. */
export interface NodeSlot {
	readonly index: number;
	/** The node's name as its peers see it; empty by default. */
	loadLabel(): Promise<string>;
	saveLabel(label: string): Promise<void>;
	openChain(electionId: ElectionId): ChainStore;
	/** Closes the database and lets go of the slot. */
	close(): void;
}
