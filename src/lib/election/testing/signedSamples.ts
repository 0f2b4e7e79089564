import type { ElectionId, Hash } from '../../bytes/hash';
import { hashToBytes } from '../../bytes/hex';
import { sha256, sha256Hash } from '../../bytes/sha256';
import { utf8 } from '../../bytes/text';
import { enrolmentKeyOf, organiserKeyOf, votingCodeOf } from '../codeKeys';
import type { Election } from '../definition';
import type { Evidence } from '../rules/evidence';
import { publicKeyOf, signTransaction, signatureHolds, signedMessage, signerOf } from '../signing';
import type { ElectionState } from '../state';
import { transactionId, type Closing, type Enrolment, type Opening, type Transaction } from '../transaction';
import { sampleCommitment, sampleElection } from './samples';

/** The secret of the organiser of all sample elections that have one. */
export const organiserSecret: Uint8Array = sha256(utf8('the secret of the sample organiser'));

const organiserKey = organiserKeyOf(organiserSecret);

/** Public key of the sample organiser: what a definition has as `organiser`. */
export const sampleOrganiser = publicKeyOf(organiserKey);

/** Voter ID at an index of the roll: V1, V2 and so on. */
export function sampleVoterId(rollIndex: number): string {
	return `V${rollIndex + 1}`;
}

/** The voting code at an index of the roll, from {@link organiserSecret}. */
export function sampleCode(rollIndex: number): string {
	return votingCodeOf(organiserSecret, sampleVoterId(rollIndex));
}

/** The sample election with `voters` on the roll, who make their own credentials. */
export function sampleEnrolmentElection(voters = 5, changes: Partial<Election> = {}): Election {
	const roll = Array.from({ length: voters }, (_, rollIndex) => ({
		voterId: sampleVoterId(rollIndex),
		key: publicKeyOf(enrolmentKeyOf(sampleCode(rollIndex)))
	}));
	return sampleElection({ eligibility: 'enrolment', organiser: sampleOrganiser, roll, ...changes });
}

/** An enrolment with the signature of the voter at `rollIndex`. */
export function sampleEnrolment(
	electionId: ElectionId,
	rollIndex: number,
	commitment: Hash = sampleCommitment(rollIndex + 1)
): Enrolment {
	const secretKey = enrolmentKeyOf(sampleCode(rollIndex));
	return signTransaction(electionId, { kind: 'enrolment', rollIndex, commitment }, secretKey);
}

/** Stands for the Semaphore root of a group; different for different lists. */
export function sampleGroupRoot(commitments: readonly Hash[]): Hash {
	return `0${sha256Hash(...commitments.map(hashToBytes)).slice(1)}` as Hash;
}

/** An opening, signed by the organiser, of the group of all who are enrolled in `state`. */
export function sampleOpening(
	state: Pick<ElectionState, 'electionId' | 'enrolledCommitments'>,
	changes: Partial<Pick<Opening, 'groupSize' | 'groupRoot'>> = {}
): Opening {
	const group = state.enrolledCommitments();
	const opening = { kind: 'opening' as const, groupSize: group.length, groupRoot: sampleGroupRoot(group), ...changes };
	return signTransaction(state.electionId, opening, organiserKey);
}

/** A closing, signed by the organiser, that names the block at a height of the chain of `state`. */
export function sampleClosing(
	state: Pick<ElectionState, 'electionId' | 'height' | 'blockHashAt'>,
	height: number = state.height,
	blockHash: Hash = state.blockHashAt(height) ?? sampleCommitment(height)
): Closing {
	return signTransaction(state.electionId, { kind: 'closing', height, blockHash }, organiserKey);
}

/** True verdicts about the signatures of these transactions and about {@link sampleGroupRoot}; every proof holds. */
export function sampleEvidence(
	{ election, electionId }: Pick<ElectionState, 'election' | 'electionId'>,
	transactions: readonly Transaction[]
): Evidence {
	const signed = new Set<Hash>();
	for (const transaction of transactions) {
		if (transaction.kind === 'ballot') continue;
		const signer = signerOf(election, transaction);
		if (signer === undefined) continue;
		const message = signedMessage(electionId, transaction);
		if (signatureHolds(signer, message, transaction.signature)) signed.add(transactionId(transaction));
	}
	return {
		isProven: () => true,
		isSigned: (id) => signed.has(id),
		isRootOf: (root, commitments) => sampleGroupRoot(commitments) === root
	};
}
