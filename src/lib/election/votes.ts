import type { Election } from './definition';
import { ABSTAIN } from './transaction';

/** Votes for each option of each contest, in the order of the definition. */
export type Votes = number[][];

export function noVotes(election: Election): Votes {
	return election.contests.map((contest) => contest.options.map(() => 0));
}

/** Counts a ballot's choices, which must have passed the rules. */
export function addVotes(votes: Votes, choices: readonly number[]): void {
	changeVotes(votes, choices, 1);
}

/** The inverse of {@link addVotes}. */
export function removeVotes(votes: Votes, choices: readonly number[]): void {
	changeVotes(votes, choices, -1);
}

function changeVotes(votes: Votes, choices: readonly number[], by: 1 | -1): void {
	choices.forEach((option, contest) => {
		const options = votes[contest];
		const count = options?.[option];
		if (options === undefined || count === undefined || option === ABSTAIN) return;
		options[option] = count + by;
	});
}
