import type { BlockHash, TransactionId } from '../bytes/hash';
import type { TransactionJson } from '../election/json';
import type { Results } from '../election/tally';
import type { ErrorCode } from '../errors/pollenError';

/** What an audit checks, in the order in which it is shown. */
export const CHECKS = [
	'election-id',
	'links',
	'work',
	'difficulty',
	'merkle-roots',
	'signatures',
	'proofs',
	'nullifiers',
	'phases',
	'tally'
] as const;

export type CheckName = (typeof CHECKS)[number];

/** The first thing that is wrong by one check. */
export interface AuditProblem {
	readonly code: ErrorCode;
	/** What is wrong, in English, for developers and the command line. */
	readonly message: string;
	/** Of the block: its place in the record. */
	readonly height?: number;
	/** As the record names the block and the transaction, so that they can be looked for there. */
	readonly blockHash?: BlockHash;
	readonly transactionId?: TransactionId;
}

export interface CheckResult {
	readonly check: CheckName;
	/** Things checked: blocks, signatures, proofs, ... */
	readonly count: number;
	/** How many of them are wrong. */
	readonly wrong: number;
	/** The first of them. */
	readonly problem: AuditProblem | undefined;
}

export interface AuditProgress {
	readonly check: CheckName;
	/** Things done of `total`, within this check. */
	readonly done: number;
	readonly total: number;
	/** Of the checks that are finished. */
	readonly finished: readonly CheckResult[];
}

export interface AuditOptions {
	/** Told at least a few times a second while the audit runs. */
	onProgress?(progress: AuditProgress): void;
	readonly signal?: AbortSignal;
}

export interface AuditReport {
	/** Whether every check passed. */
	readonly valid: boolean;
	readonly checks: readonly CheckResult[];
	readonly blocks: number;
	/** As recounted from what holds. */
	readonly results: Results;
	/** Whether a closing makes the result final. */
	readonly isClosed: boolean;
	/**
	 * Closings with the organiser's signature that name another block than the closing on the chain does. They are no fault
	 * of the record: they show that the organiser said two things.
	 */
	readonly otherClosings: readonly TransactionJson[];
}
