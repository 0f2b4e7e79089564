import type { ElectionId, TransactionId } from '../../bytes/hash';
import type { Election } from '../../election/definition';
import { signedMessage, signerOf } from '../../election/signing';
import type { SignedTransaction, Transaction } from '../../election/transaction';
import type { ProofVerifier, SignatureStatement } from '../../proofs/port';
import type { AuditedTransaction } from '../auditedBlock';
import type { CheckRun } from '../checkRun';
import { inBatches } from '../inBatches';
import { ensure, problemOf } from '../problem';
import type { AuditProblem } from '../report';

/** A transaction that a record holds: with the place where it stands, unless that is outside of the chain. */
export interface Placed extends AuditedTransaction {
	readonly where: Pick<AuditProblem, 'height' | 'blockHash' | 'transactionId'>;
}

/** What signatures and proofs are checked with. */
export interface CheckingTools {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly verifier: ProofVerifier;
	/** Says when it is to stop. */
	readonly signal: AbortSignal | undefined;
}

/** No public key: where nobody could have signed, nothing is signed. */
const NOBODY = '';

export function isSignedKind(transaction: Transaction): transaction is SignedTransaction {
	return transaction.kind !== 'ballot';
}

/**
 * Each enrolment is signed by its voter, each opening and closing by the organiser. Resolves with the IDs of those that are.
 * @param signed the enrolments, openings and closings
 */
export async function checkSignatures(
	run: CheckRun,
	signed: readonly Placed[],
	{ election, electionId, verifier, signal }: CheckingTools
): Promise<ReadonlySet<TransactionId>> {
	const statementOf = ({ transaction }: Placed): SignatureStatement => {
		if (!isSignedKind(transaction)) throw new TypeError('a ballot has no signature');
		return {
			publicKey: signerOf(election, transaction) ?? NOBODY,
			message: signedMessage(electionId, transaction),
			signature: transaction.signature
		};
	};
	const holding = new Set<TransactionId>();
	await inBatches(
		signed,
		(batch) => verifier.verifySignatures(batch.map(statementOf), signal),
		async ({ where, transaction, id, statedId }, holds = false) => {
			if (holds) holding.add(id);
			await run.count(
				problemOf(
					where,
					() => ensure(holds, 'bad-signature', `the ${transaction.kind} is not signed by whom it should be`),
					() =>
						ensure(isOnChain(where) || id === statedId, 'bad-record', `it has another ID than the record says: ${id}`)
				)
			);
		}
	);
	return holding;
}

/** There, IDs are a matter of the Merkle roots. */
function isOnChain({ height }: Placed['where']): boolean {
	return height !== undefined;
}
