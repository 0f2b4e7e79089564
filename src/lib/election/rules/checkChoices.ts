import { PollenError } from '../../errors/pollenError';
import type { Election } from '../definition';
import { ABSTAIN } from '../transaction';

/**
 * One choice a contest, each an option of that contest or {@link ABSTAIN}, and not all of them ABSTAIN: a ballot that
 * says nothing would use up the voter's only vote.
 * @throws PollenError unknown-option, no-choice
 */
export function checkChoices(election: Election, choices: readonly number[]): void {
	if (choices.length !== election.contests.length) {
		throw new PollenError('unknown-option', `${choices.length} choices for ${election.contests.length} contests`);
	}
	election.contests.forEach((contest, index) => {
		if (!isOption(choices[index], contest.options.length)) {
			throw new PollenError('unknown-option', `contest ${index} has no option ${choices[index]}`);
		}
	});
	if (choices.every((choice) => choice === ABSTAIN)) {
		throw new PollenError('no-choice', 'the ballot chooses nothing in any contest');
	}
}

function isOption(choice: number | undefined, options: number): boolean {
	if (choice === undefined || !Number.isInteger(choice)) return false;
	return choice === ABSTAIN || (choice >= 0 && choice < options);
}
