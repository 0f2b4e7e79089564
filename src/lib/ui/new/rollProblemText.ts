import type { RollProblem } from '../../organising/rollFile';
import { count, formatNumber } from '../format';

const COLUMNS = { voterId: 'voter ID', name: 'name', email: 'e-mail address' } as const;

/** What is wrong with a line of the list of voters, to stand after its number. */
export function rollProblemText(problem: RollProblem): string {
	switch (problem.kind) {
		case 'open-quote':
			return 'A quotation mark is opened here and not closed properly.';
		case 'blank-voter-id':
			return 'The voter ID is missing.';
		case 'unusable-character':
			return 'The voter ID has a character that cannot be used, such as a control character.';
		case 'duplicate-voter-id':
			return `The voter ID ${problem.voterId} stands in line ${formatNumber(problem.firstLine)} already.`;
		case 'too-long':
			return `The ${COLUMNS[problem.column]} is too long: ${problem.limit} characters are the most.`;
		case 'odd-columns':
			return `There ${problem.columns === 1 ? 'is' : 'are'} ${count(problem.columns, 'column', 'columns')} here, and ${formatNumber(problem.expected)} elsewhere.`;
	}
}
