import type { Election } from '../election/definition';
import { receiptCode } from '../election/receiptCode';
import type { ElectionState } from '../election/state';
import type { ClosingView, EnrolmentView, OpeningView, PendingView, SignedClosing } from './api';
import type { LedgerCore } from './ledgerCore';
import type { PendingTransaction } from './mempool';
import { isAllowed } from './template';

/** What a node knows, in the words of its interface. */

export function openingView({ opening }: ElectionState): OpeningView | undefined {
	return opening && { groupSize: opening.group.length, height: opening.height, timestamp: opening.timestamp };
}

export function closingView({ closing, lateBallots }: ElectionState): ClosingView | undefined {
	if (!closing) return undefined;
	const { height, timestamp, countedHeight, countedHash } = closing;
	return { height, timestamp, countedHeight, countedHash, lateBallots: lateBallots.size };
}

export function signedClosingsView({ closings, state }: LedgerCore): SignedClosing[] {
	return closings.all.map(({ id, closing }) => ({
		id,
		countedHeight: closing.height,
		countedHash: closing.blockHash,
		isOnChain: state.hasTransaction(id)
	}));
}

export function enrolmentViews({ election, enrolments }: ElectionState): EnrolmentView[] {
	return [...enrolments.values()].map(({ rollIndex, height, timestamp }) => ({
		voterId: election.roll[rollIndex]?.voterId ?? '',
		rollIndex,
		height,
		timestamp
	}));
}

/**
 * What waits to be recorded, without what the chain as it is cannot take, such as enrolments that the opening came before: nobody
 * need wait for those. An opening is shown in any case; its organiser signs it anew when it does not fit.
 */
export function pendingViews(core: LedgerCore, now: number): PendingView[] {
	return core.mempool
		.all()
		.filter((pending) => pending.transaction.kind === 'opening' || isAllowed(core, pending, now))
		.map((pending) => pendingView(core.election, pending));
}

function pendingView(election: Election, { id, transaction }: PendingTransaction): PendingView {
	switch (transaction.kind) {
		case 'ballot':
			return { id, kind: 'ballot', receiptCode: receiptCode(transaction.nullifier), choices: transaction.choices };
		case 'enrolment':
			return { id, kind: 'enrolment', voterId: election.roll[transaction.rollIndex]?.voterId ?? '' };
		case 'opening':
			return { id, kind: 'opening', groupSize: transaction.groupSize };
		case 'closing':
			return { id, kind: 'closing', countedHeight: transaction.height };
	}
}
