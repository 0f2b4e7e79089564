import type { Hash } from '../bytes/hash';
import type { Block } from '../election/block';
import type { ElectionState } from '../election/state';
import type { Transaction } from '../election/transaction';
import type { EvidenceNeeds } from './verdicts';

export interface PathBlock {
	readonly block: Block;
	/** Whether the block was connected before, so that its transactions need no evidence. */
	readonly isChecked: boolean;
}

/**
 * What must be found out before `blocks` can be connected on top of the state's block at `forkHeight`. Ballots are judged by
 * the group that the opening before them states, and an opening by the enrolments before it, wherever on the path these stand.
 */
export function evidenceForPath(state: ElectionState, forkHeight: number, blocks: readonly PathBlock[]): EvidenceNeeds {
	const collected: {
		ballots: EvidenceNeeds['ballots'][number][];
		signed: EvidenceNeeds['signed'][number][];
		groups: Hash[][];
	} = { ballots: [], signed: [], groups: [] };
	let groupRoot = state.opening && state.opening.height <= forkHeight ? state.groupRoot : null;
	const enrolled = blocks.some(({ block }) => holdsOpening(block))
		? commitmentsUpTo(state, forkHeight)
		: new Set<Hash>();
	const isIssued = state.election.eligibility === 'issued';
	for (const { block, isChecked } of blocks) {
		for (const transaction of block.transactions) {
			if (transaction.kind === 'enrolment') enrolled.add(transaction.commitment);
			// Only the first can be valid: a block of false ones must not cost a root each.
			if (transaction.kind === 'opening' && groupRoot === null) {
				groupRoot = transaction.groupRoot;
				if (!isChecked) collected.groups.push([...enrolled].sort());
			}
			if (isChecked) continue;
			if (transaction.kind !== 'ballot') collected.signed.push(transaction);
			// A ballot before the opening breaks a rule, and there is nothing that it could be judged by.
			else if (isIssued || groupRoot !== null) collected.ballots.push({ ballot: transaction, groupRoot });
		}
	}
	return collected;
}

/** What must be found out before transactions can be judged by the state as it is. */
export function evidenceForState(state: ElectionState, transactions: readonly Transaction[]): EvidenceNeeds {
	return {
		ballots: transactions.flatMap((transaction) =>
			transaction.kind === 'ballot' ? [{ ballot: transaction, groupRoot: state.groupRoot }] : []
		),
		signed: transactions.filter((transaction) => transaction.kind !== 'ballot'),
		groups: transactions.some(({ kind }) => kind === 'opening') ? [state.enrolledCommitments()] : []
	};
}

function holdsOpening(block: Block): boolean {
	return block.transactions.some(({ kind }) => kind === 'opening');
}

function commitmentsUpTo(state: ElectionState, height: number): Set<Hash> {
	const enrolled = [...state.enrolments.values()].filter((enrolment) => enrolment.height <= height);
	return new Set(enrolled.map(({ commitment }) => commitment));
}
