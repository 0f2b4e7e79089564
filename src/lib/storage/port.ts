import type { BlockHash, ElectionId, Hash, Nullifier, TransactionId } from '../bytes/hash';

/** A block as stored: encoded bytes, and what this node already knows about it so that nothing is proved twice. */
export interface StoredBlock {
	readonly hash: BlockHash;
	readonly height: number;
	/** The encoded block: header and transactions. */
	readonly bytes: Uint8Array;
	/** Order of arrival on this node: a tie in work goes to the lower. */
	readonly arrival: number;
	/** Whether every rule was checked, proofs included, when the block was connected: read back only as this store was told. */
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

/** An election that was opened, made or joined in this browser profile. */
export interface WalletElection {
	readonly electionId: ElectionId;
	readonly title: string;
	/** The canonical definition, so that every tab of the profile can open the election without a peer. */
	readonly definition: Uint8Array;
	/** Milliseconds since the epoch. */
	readonly openedAt: number;
}

/** The secret that a voter enrolled with (eligibility `enrolment`). Whoever has it can vote, and link the ballot. */
export interface StoredCredential {
	readonly electionId: ElectionId;
	readonly voterId: string;
	/** 32 bytes. */
	readonly key: Uint8Array;
	readonly commitment: Hash;
	/** The encoded enrolment, to send again if every peer lost it. */
	readonly enrolment: Uint8Array;
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
}

/** What the organiser knows of a voter besides the voter ID. Never leaves this device but in the organiser's own files. */
export interface Contact {
	readonly voterId: string;
	readonly name: string;
	readonly email: string;
}

/** What makes this profile the organiser of an election. */
export interface StoredOrganiser {
	readonly electionId: ElectionId;
	/** 32 random bytes: organiser key and all voting codes derive from them. */
	readonly secret: Uint8Array;
	/** In roll order. */
	readonly contacts: readonly Contact[];
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
}

/** What this profile holds of an election, for the list on the home page. */
export interface WalletEntry {
	readonly electionId: ElectionId;
	readonly title: string;
	readonly openedAt: number;
	readonly isOrganiser: boolean;
	/** Voter IDs of the credentials kept here. */
	readonly credentials: readonly string[];
	/** Ballots cast here. */
	readonly receipts: number;
}

/** Shared by all tabs of one browser profile. Everything is written with strict durability. */
export interface Wallet {
	saveReceipt(receipt: StoredReceipt): Promise<void>;
	loadReceipts(electionId: ElectionId): Promise<StoredReceipt[]>;

	saveElection(election: WalletElection): Promise<void>;
	loadElection(electionId: ElectionId): Promise<WalletElection | undefined>;
	/** Latest opened first. */
	listElections(): Promise<WalletEntry[]>;
	/** Forgets the election with all that belongs to it: receipts, credentials, organiser. Atomic. */
	forgetElection(electionId: ElectionId): Promise<void>;

	/** Keeps a credential; one there already for this election and voter stays, and the promise resolves with what is kept. */
	keepCredential(credential: StoredCredential): Promise<StoredCredential>;
	loadCredential(electionId: ElectionId, voterId: string): Promise<StoredCredential | undefined>;
	loadCredentials(electionId: ElectionId): Promise<StoredCredential[]>;
	/** Replaces the credential of its voter: for one that can no longer be enrolled. */
	replaceCredential(credential: StoredCredential): Promise<void>;

	/** Makes this profile the organiser of an election: both records in one transaction. */
	saveOrganiser(organiser: StoredOrganiser, election: WalletElection): Promise<void>;
	loadOrganiser(electionId: ElectionId): Promise<StoredOrganiser | undefined>;

	/** The form of a new election as far as it was filled in: structured-cloneable plain data. */
	saveDraft(draft: unknown): Promise<void>;
	loadDraft(): Promise<unknown>;
	deleteDraft(): Promise<void>;

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
