import { describe, expect, it } from 'vitest';
import { rollProblemText } from './rollProblemText';

describe('rollProblemText', () => {
	it('names the line that a voter ID stands in already', () => {
		const problem = { line: 9, kind: 'duplicate-voter-id', voterId: 'A-7', firstLine: 2 } as const;
		expect(rollProblemText(problem)).toBe('The voter ID A-7 stands in line 2 already.');
	});

	it('counts columns', () => {
		expect(rollProblemText({ line: 1, kind: 'odd-columns', columns: 1, expected: 3 })).toBe(
			'There is 1 column here, and 3 elsewhere.'
		);
		expect(rollProblemText({ line: 1, kind: 'odd-columns', columns: 4, expected: 3 })).toMatch(/^There are 4 columns/);
	});

	it('says which cell is too long', () => {
		expect(rollProblemText({ line: 1, kind: 'too-long', column: 'email', limit: 254 })).toMatch(/e-mail address.*254/);
	});
});
