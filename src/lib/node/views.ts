import type { ElectionState } from '../election/state';
import type { ClosingView, EnrolmentView, OpeningView, SignedClosing } from './api';
import type { LedgerCore } from './ledgerCore';

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
