import type { BlockHash, ElectionId, Nullifier, TransactionId } from '../bytes/hash';
import type { AuditOptions, AuditReport } from '../audit/report';
import type { ReceiptFile } from '../audit/receiptFile';
import type { ElectionRecord } from '../audit/record';
import type { BlockJson, TransactionJson } from '../election/json';
import type { Results } from '../election/tally';
import type { Election } from '../election/definition';
import type { Phase } from '../election/phase';
import type { ErrorCode } from '../errors/pollenError';
import type { PeerId, SignallingState } from '../network/port';
import type { FetchProgress } from '../proofs/port';
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
	/** Blocks that are here, and blocks known by header on the branch that is fetched, both since this sync began. */
	readonly done: number;
	readonly total: number;
	/** Ballots that the blocks taken so far record, all blocks before this sync included. */
	readonly ballots: number;
	/** As the last half minute went; undefined while that cannot be said. */
	readonly msLeft: number | undefined;
}

/** A transaction that waits to be recorded. */
export type PendingView = { readonly id: TransactionId } & (
	| { readonly kind: 'ballot'; readonly receiptCode: string; readonly choices: readonly number[] }
	| { readonly kind: 'enrolment'; readonly voterId: string }
	| { readonly kind: 'opening'; readonly groupSize: number }
	| { readonly kind: 'closing'; readonly countedHeight: number }
);

/** The opening on the chain. */
export interface OpeningView {
	readonly groupSize: number;
	readonly height: number;
	/** Timestamp of its block, ms. */
	readonly timestamp: number;
}

/** The closing on the chain. */
export interface ClosingView {
	/** Height of the block that holds it. */
	readonly height: number;
	readonly timestamp: number;
	/** The last block whose ballots count. */
	readonly countedHeight: number;
	readonly countedHash: BlockHash;
	/** Ballots on the chain that were recorded too late to count. */
	readonly lateBallots: number;
}

/** A closing that the organiser signed. Two different ones are evidence that the organiser said two things. */
export interface SignedClosing {
	readonly id: TransactionId;
	readonly countedHeight: number;
	readonly countedHash: BlockHash;
	readonly isOnChain: boolean;
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
	/** Voters who have enrolled on the chain; with `issued`, all on the roll. */
	readonly enrolled: number;
	readonly opening: OpeningView | undefined;
	readonly closing: ClosingView | undefined;
	/** Every closing with a valid signature that this node has heard of, at most a few. */
	readonly signedClosings: readonly SignedClosing[];
	/** What the organiser has asked of this node and is not on the chain yet. */
	readonly organiserTask: 'opening' | 'closing' | undefined;
	/** What waits and can be recorded as the chain is; `pending()` has all that this node keeps. */
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

/** An enrolment on the chain, in chain order. */
export interface EnrolmentView {
	readonly voterId: string;
	readonly rollIndex: number;
	readonly height: number;
	/** Timestamp of its block, ms. */
	readonly timestamp: number;
}

/** Who somebody is, by voter ID and voting code. */
export interface VoterRequest {
	readonly voterId: string;
	readonly code: string;
}

/** The one thing that a voter can do now. */
export type VoterStep =
	/** Enrol on this device. */
	| 'enrol'
	/** The enrolment of this device waits to be recorded. */
	| 'enrolling'
	/** Enrolled on this device (or `issued`); the poll opens later. */
	| 'wait'
	| 'vote'
	/** This credential has voted: `nullifier` says which ballot. */
	| 'voted'
	/** Somebody enrolled this voter on another device; the credential is there. */
	| 'enrolled-elsewhere'
	/** The poll was opened without this voter. */
	| 'not-enrolled'
	| 'closed';

export interface VoterStatus {
	readonly voterId: string;
	readonly step: VoterStep;
	/** With 'voted' (and 'closed' after voting on this device). */
	readonly nullifier?: Nullifier;
	/** With 'enrolling' and 'wait': blocks on top of the enrolment's, itself included; 0 while it waits. */
	readonly confirmations?: number;
}

/** Where a ballot is. `count` of peers are those known to hold it. */
export type BallotPlace =
	/** In the wallet only: it is sent when a peer appears, or taken up when the poll opens. */
	| { readonly at: 'device' }
	| { readonly at: 'pending'; readonly peers: number }
	| {
			readonly at: 'block';
			readonly height: number;
			readonly blockHash: BlockHash;
			/** Blocks on top, its own included. */
			readonly confirmations: number;
			/** Whether a closing that is itself deep enough counts it. */
			readonly isFinal: boolean;
	  }
	/** Recorded, or still waiting, after the block that the closing names: it does not count. */
	| { readonly at: 'late' }
	/** Another ballot of the same credential is on the chain: that one counts. */
	| { readonly at: 'replaced'; readonly choices: readonly number[]; readonly height: number };

export interface BallotStatus {
	readonly nullifier: Nullifier;
	readonly receiptCode: string;
	readonly place: BallotPlace;
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
	/**
	 * Fetches what a proof needs (a few MB, kept for the next time) and makes everything ready, ahead of the first proof.
	 * Rejects artifact-unreachable, artifact-corrupt, worker-failed, aborted.
	 * @param onProgress told how much is here, as it comes
	 */
	prepareProver(onProgress?: (progress: FetchProgress) => void): Promise<void>;
	/**
	 * Starts the proof for a choice ahead of `vote`, once it has been the choice for a moment; the newest call replaces the
	 * one before. Never rejects.
	 */
	prepareVote(request: VoteRequest): void;
	/**
	 * Casts a ballot: proves, stores, relays. Rejects like `checkVoter` and `prepareProver`, and no-choice, unknown-option,
	 * storage-full.
	 */
	vote(request: VoteRequest): Promise<VoteReceipt>;
	/** Ballots cast on this device. */
	receipts(): Promise<StoredReceipt[]>;
	/** Where a ballot is; undefined when neither the chain, the pending ballots nor the wallet know it. */
	ballotStatus(nullifier: Nullifier): Promise<BallotStatus | undefined>;
	/** The ballot with this receipt code on the chain or pending; undefined when there is none. */
	findBallot(receiptCode: string): Nullifier | undefined;
	/** What proves that a ballot of this device stands in the chain. Rejects bad-receipt when the ballot is not in a block. */
	receiptFile(nullifier: Nullifier): Promise<ReceiptFile>;

	/**
	 * What this voter can do now. Rejects mistyped-code, unknown-voter, wrong-code. An invitation's voter is greeted with it
	 * before anything is sent.
	 */
	voterStatus(voter: VoterRequest): Promise<VoterStatus>;
	/**
	 * Makes a credential on this device, keeps it in the wallet and enrols it. Rejects like `voterStatus`, and no-enrolment,
	 * already-enrolled, enrolled-elsewhere, enrolment-closed, poll-closed, storage-full, storage-failed.
	 */
	enrol(voter: VoterRequest): Promise<void>;
	enrolments(): readonly EnrolmentView[];

	/** Whether this profile holds the organiser's key. */
	isOrganiser(): Promise<boolean>;
	/**
	 * Signs the opening for the voters enrolled on the chain, and signs anew while others enrol before it is recorded. Rejects
	 * not-organiser, no-enrolment, already-open, poll-closed, group-too-small, storage-full, storage-failed.
	 */
	openPoll(): Promise<void>;
	/** Signs the closing, naming the tip. Rejects not-organiser, poll-not-open, already-closed, storage-full, storage-failed. */
	closePoll(): Promise<void>;

	/** Everything that others need to check the election. */
	record(): Promise<ElectionRecord>;

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
	/** The same, check by check: see `audit/`. Rejects `aborted` when `signal` fires. */
	audit(options?: AuditOptions): Promise<AuditReport>;
	stop(): Promise<void>;
}
