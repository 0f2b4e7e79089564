import type { BlockHash, ElectionId, Nullifier, TransactionId } from '../bytes/hash';
import type { BlockJson, TransactionJson } from '../election/json';
import type { Results } from '../election/tally';
import type { Election } from '../election/definition';
import type { Phase } from '../election/phase';
import type { ErrorCode } from '../errors/pollenError';
import type { PeerId, SignallingState } from '../network/port';
import type { StoredReceipt } from '../storage/port';

/** A peer as the Network page shows it. */
export interface PeerView {
	readonly peerId: PeerId;
	readonly label: string;
	readonly height: number;
	/** Round trip of the last ping; undefined until one came back. */
	readonly latencyMs: number | undefined;
	readonly direction: 'inbound' | 'outbound';
	/** `dialling` and `waiting` (to retry) are links this node wants but does not have. */
	readonly state: 'linked' | 'dialling' | 'waiting';
}

export interface MiningView {
	/** Whether this node mines by itself when something is pending. */
	readonly automatic: boolean;
	/** Whether it is searching right now. */
	readonly active: boolean;
	/** Hashes a second; 0 when idle. */
	readonly hashRate: number;
	/** Hashes tried for the block being searched. */
	readonly hashes: number;
	/** The next block's hash may not be above it. */
	readonly target: bigint;
	/** Hashes expected for a block at the current target. */
	readonly expectedHashes: number;
}

export interface SyncView {
	readonly state: 'idle' | 'headers' | 'blocks';
	/** Blocks connected, and blocks known by header on the best branch, both since this sync began. */
	readonly done: number;
	readonly total: number;
}

export interface PendingView {
	readonly id: TransactionId;
	readonly receiptCode: string;
	readonly choices: readonly number[];
}

/** Everything about a node that changes, as one immutable value. */
export interface NodeSnapshot {
	readonly electionId: ElectionId;
	readonly peerId: PeerId | undefined;
	readonly signalling: SignallingState;
	readonly label: string;
	readonly height: number;
	readonly tip: BlockHash;
	/** Cumulative work of the tip. */
	readonly work: bigint;
	readonly phase: Phase;
	readonly pending: readonly PendingView[];
	readonly peers: readonly PeerView[];
	readonly mining: MiningView;
	readonly sync: SyncView;
	/** Set when the last write failed; cleared by the next that succeeds. */
	readonly storageError: 'storage-full' | 'storage-failed' | undefined;
}

/** A counted ballot, in chain order. */
export interface BallotView {
	readonly receiptCode: string;
	readonly nullifier: Nullifier;
	readonly choices: readonly number[];
	readonly height: number;
	readonly blockHash: BlockHash;
	/** Timestamp of its block, ms. */
	readonly timestamp: number;
}

export interface VoteRequest {
	readonly voterId: string;
	readonly code: string;
	/** One option index a contest, 255 for none. */
	readonly choices: readonly number[];
}

export interface VoteReceipt {
	readonly ballotId: TransactionId;
	readonly nullifier: Nullifier;
	readonly receiptCode: string;
}

export interface Verification {
	readonly valid: boolean;
	readonly blocks: number;
	readonly ballots: number;
	readonly problems: readonly { readonly height: number; readonly code: ErrorCode }[];
}

/** A full node of one election, as the page and the console use it. */
export interface PollenNode {
	readonly election: Election;
	readonly electionId: ElectionId;
	snapshot(): NodeSnapshot;
	/** Calls back after every change, once for all changes of one microtask. Returns the unsubscriber. */
	subscribe(listener: () => void): () => void;

	/** Who this is and whether they may vote now. Rejects unknown-voter, wrong-code, already-voted, poll-not-open, poll-closed. */
	checkVoter(voterId: string, code: string): Promise<void>;
	/** Starts the proof for a choice ahead of `vote`; the newest call replaces the one before. Never rejects. */
	prepareVote(request: VoteRequest): void;
	/** Casts a ballot: proves, stores, relays. Rejects like `checkVoter`, and no-choice, unknown-option, storage-full. */
	vote(request: VoteRequest): Promise<VoteReceipt>;
	/** Ballots cast on this device. */
	receipts(): Promise<StoredReceipt[]>;

	/** Mines one block now; null when nothing is pending. */
	mine(): Promise<{ height: number; hash: BlockHash } | null>;
	setMining(automatic: boolean): void;

	/** Links to a peer and keeps the link. Rejects unknown-peer, other-election, signalling-unreachable, peer-timeout, self-link. */
	link(peerId: string): Promise<void>;
	unlink(peerId: string): void;
	/** Asks every peer for better chains and pending ballots. */
	resync(): Promise<void>;
	setLabel(label: string): Promise<void>;

	results(): Results;
	ballots(): readonly BallotView[];
	/** Main-chain blocks from `from` (a height) upwards, genesis included. */
	blocks(from?: number, limit?: number): Promise<BlockJson[]>;
	pending(): TransactionJson[];
	submit(transaction: unknown): Promise<{ accepted: boolean; code?: ErrorCode }>;
	addBlock(block: unknown): Promise<{ accepted: boolean; code?: ErrorCode }>;
	/** Checks the whole chain anew, every proof included. */
	verify(): Promise<Verification>;
	stop(): Promise<void>;
}
