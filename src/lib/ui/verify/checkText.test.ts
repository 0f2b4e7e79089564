import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../audit/report';
import { explain } from '../explain';
import { checkCount, checkMeaning, checkTitle, problemText } from './checkText';

describe('what is said of a check', () => {
	it('has a name, a meaning and a count for each, and no verdict before there is one', () => {
		for (const check of CHECKS) {
			expect(`${checkTitle(check)} ${checkMeaning(check)}`).not.toMatch(/passed|failed/);
			expect(checkCount(check, 1)).not.toBe(checkCount(check, 2).replace('2', '1'));
		}
		expect(new Set(CHECKS.map(checkTitle)).size).toBe(CHECKS.length);
	});
});

describe('problemText', () => {
	it('explains a code as everywhere', () => {
		expect(problemText('proofs', 'bad-proof')).toBe(explain('bad-proof'));
	});

	it('does not take a false figure for a damaged file', () => {
		expect(problemText('tally', 'bad-record')).toMatch(/add up/);
		expect(problemText('links', 'bad-record')).toMatch(/contradicts itself/);
		expect(problemText('election-id', 'other-election')).not.toMatch(/peer|tab/i);
	});
});
