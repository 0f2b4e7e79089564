import type { CheckName } from '../../audit/report';
import type { ErrorCode } from '../../errors/pollenError';
import { explain } from '../explain';
import { count } from '../format';

interface CheckText {
	readonly title: string;
	/** What is checked, for people. */
	readonly what: string;
	/** What is counted, one and many. */
	readonly things: readonly [one: string, many: string];
}

const TEXTS: Readonly<Record<CheckName, CheckText>> = {
	'election-id': {
		title: 'Election ID',
		what: 'The election is the one that its ID stands for, to the last letter.',
		things: ['definition', 'definitions']
	},
	links: { title: 'Links', what: 'Each block names the hash of the block before it.', things: ['block', 'blocks'] },
	work: { title: 'Work', what: 'Each block was mined: its hash meets its target.', things: ['block', 'blocks'] },
	difficulty: {
		title: 'Difficulty',
		what: 'Each target and time is the one that the rules give.',
		things: ['block', 'blocks']
	},
	'merkle-roots': {
		title: 'Merkle roots',
		what: 'Each block holds exactly what its header names.',
		things: ['block', 'blocks']
	},
	signatures: {
		title: 'Signatures',
		what: 'Enrolments are signed by their voters, opening and closing by the organiser.',
		things: ['signature', 'signatures']
	},
	proofs: {
		title: 'Proofs',
		what: 'Each ballot was cast by somebody who may vote, without saying by whom.',
		things: ['ballot', 'ballots']
	},
	nullifiers: { title: 'Nullifiers', what: 'Nobody voted twice.', things: ['ballot', 'ballots'] },
	phases: {
		title: 'Phases',
		what: 'Everything was recorded when it was allowed, and once.',
		things: ['transaction', 'transactions']
	},
	tally: { title: 'Tally', what: 'The result is what the ballots add up to.', things: ['figure', 'figures'] }
};

export function checkTitle(check: CheckName): string {
	return TEXTS[check].title;
}

export function checkMeaning(check: CheckName): string {
	return TEXTS[check].what;
}

/** `12 blocks`. */
export function checkCount(check: CheckName, number: number): string {
	return count(number, ...TEXTS[check].things);
}

/**
 * What is wrong, for people. Some codes mean something else in a record than in a peer's mouth or of a file: a record that
 * contradicts itself is a whole record all the same.
 */
export function problemText(check: CheckName, code: ErrorCode): string {
	if (code === 'other-election') return 'The record does not hold the election whose ID it states.';
	if (code !== 'bad-record') return explain(code);
	return check === 'tally'
		? 'The result that the record states is not what its ballots add up to.'
		: 'The record contradicts itself: it states another hash or ID than what it holds gives.';
}
