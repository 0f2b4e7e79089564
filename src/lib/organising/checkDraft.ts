import { MAX_CONTESTS, MAX_DESCRIPTION_LENGTH, MAX_OPTIONS, MAX_TITLE_LENGTH, MIN_GROUP } from '../election/limits';
import { MAX_FRAME_BYTES } from '../wire/limits';
import { instantOf, planOf, rollOf, tidyLine, tidyText, type Draft, type DraftContest, type DraftRoll } from './draft';
import { definitionBytes } from './electionPlan';

/** A field of the form, or a part of it. */
export type DraftPlace =
	| 'title'
	| 'description'
	| 'contests'
	| `contest-${number}`
	| `contest-${number}-title`
	| `contest-${number}-option-${number}`
	| 'voters'
	| 'eligibility'
	| 'opens-at'
	| 'closes-at';

export interface DraftProblem {
	readonly place: DraftPlace;
	/** A sentence for the organiser: what is wrong, and what to do. */
	readonly text: string;
	/** Whether the field is only still empty. */
	readonly isGap: boolean;
}

const FEWEST_OPTIONS = 2;
const CONTROL = /\p{Control}/u;
const CONTROL_EXCEPT_NEWLINE = /(?!\n)\p{Control}/u;

/**
 * Everything that keeps a draft from becoming an election, in the order of the form, at most one problem a place. A draft
 * without problems makes a definition that `encodeElection` takes.
 * @param now milliseconds since the epoch
 * @param roll what `rollOf` gives for the draft's voters, where it is known already
 */
export function checkDraft(draft: Draft, now: number, roll: DraftRoll = rollOf(draft.voters)): DraftProblem[] {
	return [
		...checkLine('title', draft.title, 'Give the election a title.'),
		...checkDescription(draft.description),
		...checkContests(draft.contests),
		...checkVoters(draft, roll),
		...checkTimes(draft, now)
	];
}

function problem(place: DraftPlace, text: string): DraftProblem {
	return { place, text, isGap: false };
}

function gap(place: DraftPlace, text: string): DraftProblem {
	return { place, text, isGap: true };
}

function checkLine(place: DraftPlace, typed: string, gapText: string): DraftProblem[] {
	const line = tidyLine(typed);
	if (line === '') return [gap(place, gapText)];
	if ([...line].length > MAX_TITLE_LENGTH) {
		return [problem(place, `This is too long: ${MAX_TITLE_LENGTH} characters are the most.`)];
	}
	if (CONTROL.test(line) || !line.isWellFormed()) return [problem(place, unusable('this line'))];
	return [];
}

function unusable(where: string): string {
	return `There is a character in ${where} that cannot be used, perhaps from copying. Type it anew.`;
}

function checkDescription(typed: string): DraftProblem[] {
	const text = tidyText(typed);
	const length = [...text].length;
	if (length > MAX_DESCRIPTION_LENGTH) {
		const most = MAX_DESCRIPTION_LENGTH.toLocaleString('en');
		return [problem('description', `This is too long: ${most} characters are the most, these are ${length}.`)];
	}
	if (CONTROL_EXCEPT_NEWLINE.test(text) || !text.isWellFormed()) {
		return [problem('description', unusable('this text'))];
	}
	return [];
}

function checkContests(contests: readonly DraftContest[]): DraftProblem[] {
	const problems = contests.flatMap(checkContest);
	if (contests.length === 0) return [problem('contests', 'Add a contest: the question that is voted on.')];
	if (contests.length <= MAX_CONTESTS) return problems;
	return [problem('contests', `There are too many contests: ${MAX_CONTESTS} are the most.`), ...problems];
}

function checkContest({ title, options }: DraftContest, index: number): DraftProblem[] {
	return [
		...checkLine(`contest-${index}-title`, title, 'Write the question that is voted on.'),
		...checkNumberOfOptions(options.length, index),
		...options.flatMap((option, at) => checkOption(options, option, index, at))
	];
}

function checkNumberOfOptions(options: number, contest: number): DraftProblem[] {
	if (options < FEWEST_OPTIONS) return [problem(`contest-${contest}`, 'There is no choice yet: add a second option.')];
	if (options <= MAX_OPTIONS) return [];
	return [problem(`contest-${contest}`, `There are too many options: ${MAX_OPTIONS} are the most.`)];
}

function checkOption(options: readonly string[], option: string, contest: number, at: number): DraftProblem[] {
	const place = `contest-${contest}-option-${at}` as const;
	const own = checkLine(place, option, 'Write this option, or remove it.');
	if (own.length > 0) return own;
	const first = options.findIndex((other) => tidyLine(other) === tidyLine(option));
	return first === at ? [] : [problem(place, `This is the same as option ${first + 1}.`)];
}

function checkVoters(draft: Draft, roll: DraftRoll): DraftProblem[] {
	if ('refusal' in roll) {
		if (draft.voters.trim() !== '') return [problem('voters', roll.refusal)];
		return [gap('voters', 'Say who may vote: paste the list, or choose a file.')];
	}
	const { rows, problems } = roll.reading;
	if (problems.length > 0) {
		const lines = problems.length === 1 ? 'One line needs' : `${problems.length.toLocaleString('en')} lines need`;
		return [problem('voters', `${lines} to be put right first.`)];
	}
	if (draft.eligibility === 'enrolment' && rows.length < MIN_GROUP) {
		return [
			problem(
				'eligibility',
				`When members make their own secret, the poll can be opened once ${MIN_GROUP} of them have enrolled, and your list has only ${rows.length}.`
			)
		];
	}
	const bytes = definitionBytes(planOf(draft, roll.reading));
	if (bytes <= MAX_FRAME_BYTES) return [];
	const share = Math.ceil((bytes / MAX_FRAME_BYTES - 1) * 100);
	return [
		problem('voters', `Voters and contests together are ${share} % too large to be handed on. Shorten the voter IDs.`)
	];
}

function checkTimes({ opensAt, closesAt }: Draft, now: number): DraftProblem[] {
	const [opens, closes] = [instantOf(opensAt), instantOf(closesAt)];
	const problems: DraftProblem[] = [];
	if (opensAt !== '' && opens === null) problems.push(problem('opens-at', 'This is not a date and time.'));
	if (closesAt !== '' && closes === null) problems.push(problem('closes-at', 'This is not a date and time.'));
	if (closes === null) return problems;
	if (Date.parse(closes) <= now) problems.push(problem('closes-at', 'This time has passed: nobody could vote.'));
	else if (opens !== null && Date.parse(opens) >= Date.parse(closes)) {
		problems.push(problem('closes-at', 'The poll would close before it opens. Choose a later time.'));
	}
	return problems;
}
