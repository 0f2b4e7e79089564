import { csvText, defused } from '../../bytes/csv';
import type { BlockHash, ElectionId } from '../../bytes/hash';
import type { Contest, Election } from '../../election/definition';
import type { Results } from '../../election/tally';
import type { BallotView } from '../../node/api';
import { abstentionsIn } from './contestTotals';

export const CAST_VOTE_RECORDS_FORMAT = 'pollen-cast-vote-records';
export const CAST_VOTE_RECORDS_VERSION = 1;

/** What is exported: the count of a chain, and the ballots that it adds up from. */
export interface Count {
	readonly electionId: ElectionId;
	readonly election: Pick<Election, 'title' | 'contests'>;
	readonly tip: { readonly height: number; readonly hash: BlockHash };
	readonly results: Results;
	/** That count, in chain order. */
	readonly ballots: readonly BallotView[];
}

/**
 * Counted ballots in chain order as CSV (see `csvText`), with a header row: `Receipt code`, `Block` (height of the block
 * that holds the ballot), and a column for each contest, `Contest 1: ` and its title and so on, with the chosen option's
 * title, or nothing where the voter chose none. Titles that look like formulas stand behind an apostrophe.
 */
export function castVoteRecordsCsv({ election, ballots }: Pick<Count, 'election' | 'ballots'>): string {
	const header = election.contests.map((contest, index) => defused(`Contest ${index + 1}: ${contest.title}`));
	return csvText([
		['Receipt code', 'Block', ...header],
		...ballots.map((ballot) => [
			ballot.receiptCode,
			ballot.height,
			...election.contests.map((contest, index) => defused(chosen(contest, ballot.choices[index]) ?? ''))
		])
	]);
}

/**
 * The same as JSON: the election, the block up to which it was counted, the contests with their results, and the ballots.
 * A ballot's `choices` are option titles in the order of the contests, null for none.
 */
export function castVoteRecordsJson({ electionId, election, tip, results, ballots }: Count) {
	return {
		format: CAST_VOTE_RECORDS_FORMAT,
		version: CAST_VOTE_RECORDS_VERSION,
		electionId,
		title: election.title,
		tip,
		contests: election.contests,
		results: {
			eligible: results.eligible,
			enrolled: results.enrolled,
			ballots: results.ballots,
			contests: results.contests.map((contest) => ({ ...contest, abstentions: abstentionsIn(results, contest) }))
		},
		ballots: ballots.map((ballot) => ({
			receiptCode: ballot.receiptCode,
			nullifier: ballot.nullifier,
			block: ballot.height,
			blockHash: ballot.blockHash,
			time: new Date(ballot.timestamp).toISOString(),
			choices: election.contests.map((contest, index) => chosen(contest, ballot.choices[index]) ?? null)
		}))
	};
}

function chosen(contest: Contest, choice: number | undefined): string | undefined {
	return choice === undefined ? undefined : contest.options[choice];
}
