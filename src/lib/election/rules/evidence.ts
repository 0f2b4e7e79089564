import type { Hash, TransactionId } from '../../bytes/hash';
import { PollenError } from '../../errors/pollenError';
import type { Transaction } from '../transaction';

/**
 * Verdicts about what takes long to check: proofs, signatures, and roots of groups. They are found out before a block is
 * connected, in a worker, and passed in. A transaction ID covers every byte that a verdict about it depends on.
 */
export interface Evidence {
	/** Whether the ballot's proof holds for the group with this root; null stands for the roll (eligibility `issued`). */
	isProven(ballot: TransactionId, groupRoot: Hash | null): boolean;
	/** Whether the signature of an enrolment, opening or closing is its signer's. */
	isSigned(transaction: TransactionId): boolean;
	/** Whether a group of exactly these commitments, in this order, has this root. */
	isRootOf(groupRoot: Hash, commitments: readonly Hash[]): boolean;
}

/** For what was checked before: everything holds. */
export const CHECKED_BEFORE: Evidence = { isProven: () => true, isSigned: () => true, isRootOf: () => true };

/** What a transaction's evidence is judged against. */
export interface EvidenceContext {
	/** Of the frozen group; null with `issued`. */
	readonly groupRoot: Hash | null;
	/** All commitments enrolled, ascending: the group that an opening would freeze. */
	enrolledCommitments(): readonly Hash[];
}

/**
 * The last rules for a transaction, which cost most.
 * @throws PollenError bad-proof, bad-signature, bad-group
 */
export function checkEvidence(
	context: EvidenceContext,
	transaction: Transaction,
	id: TransactionId,
	evidence: Evidence
): void {
	if (transaction.kind === 'ballot') {
		if (!evidence.isProven(id, context.groupRoot)) throw new PollenError('bad-proof', `ballot ${id} is not proven`);
		return;
	}
	if (!evidence.isSigned(id)) throw new PollenError('bad-signature', `${transaction.kind} ${id} is not signed`);
	if (transaction.kind === 'opening' && !evidence.isRootOf(transaction.groupRoot, context.enrolledCommitments())) {
		throw new PollenError('bad-group', `the enrolled voters have another root than ${transaction.groupRoot}`);
	}
}
