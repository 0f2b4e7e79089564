import type { Transaction } from '../transaction';
import { checkBallot, type BallotContext } from './checkBallot';
import { checkClosing, type ClosingContext } from './checkClosing';
import { checkEnrolment, type EnrolmentContext } from './checkEnrolment';
import { checkOpening, type OpeningContext } from './checkOpening';

export type TransactionContext = BallotContext & EnrolmentContext & OpeningContext & ClosingContext;

/**
 * All rules for a transaction but those of `checkEvidence`.
 * @param timestamp ms since the epoch: of the block that holds it, or for the mempool the time now
 * @throws PollenError with the codes of the rule for its kind
 */
export function checkTransaction(context: TransactionContext, transaction: Transaction, timestamp: number): void {
	switch (transaction.kind) {
		case 'enrolment':
			return checkEnrolment(context, transaction, timestamp);
		case 'opening':
			return checkOpening(context, transaction, timestamp);
		case 'ballot':
			return checkBallot(context, transaction, timestamp);
		case 'closing':
			return checkClosing(context, transaction);
	}
}
