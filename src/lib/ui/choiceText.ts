import type { Election } from '../election/definition';

/** A ballot's choices as the titles that were marked, in the order of the contests; anything unknown reads as blank. */
export function choiceText(election: Election, choices: readonly number[]): string {
	return election.contests.map((contest, index) => contest.options[choices[index] ?? -1] ?? 'left blank').join(', ');
}
