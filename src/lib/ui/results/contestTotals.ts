import type { Results } from '../../election/tally';

type ContestResult = Results['contests'][number];

/** Votes for any option of a contest. */
export function votesIn(contest: ContestResult): number {
	return contest.options.reduce((sum, option) => sum + option.votes, 0);
}

/** Counted ballots that chose no option of a contest. */
export function abstentionsIn(results: Results, contest: ContestResult): number {
	return results.ballots - votesIn(contest);
}
