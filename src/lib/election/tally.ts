import type { ElectionState } from './state';

/** The result as far as the chain goes. */
export interface Results {
	readonly contests: readonly {
		readonly title: string;
		readonly options: readonly { readonly title: string; readonly votes: number }[];
	}[];
	/** Ballots counted, those that abstain in a contest included. */
	readonly ballots: number;
	/** Voters on the roll. */
	readonly eligible: number;
	/** Voters whose credential is in the group; with `issued`, all on the roll. */
	readonly enrolled: number;
}

export function resultsOf(state: Pick<ElectionState, 'election' | 'votes' | 'ballots' | 'enrolled'>): Results {
	const { election, votes, ballots, enrolled } = state;
	return {
		contests: election.contests.map((contest, c) => ({
			title: contest.title,
			options: contest.options.map((title, o) => ({ title, votes: votes[c]?.[o] ?? 0 }))
		})),
		ballots: ballots.size,
		eligible: election.roll.length,
		enrolled
	};
}
