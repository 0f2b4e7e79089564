import { describe, expect, it } from 'vitest';
import { soughtReceiptOf, trackHref } from './trackLink';

const ELECTION_ID = 'a'.repeat(64);

describe('links to a ballot', () => {
	it('lead to the code that they were made for', () => {
		const href = trackHref(ELECTION_ID, 'ABCD-EFGH-JKMN');
		expect(href).toBe(`#/election/${ELECTION_ID}/track?receipt=ABCD-EFGH-JKMN`);
		expect(soughtReceiptOf(href)).toBe('ABCD-EFGH-JKMN');
	});

	it('take any text along unharmed', () => {
		expect(soughtReceiptOf(trackHref(ELECTION_ID, 'a b&c=#d?'))).toBe('a b&c=#d?');
	});

	it.each([
		'',
		'#',
		`#/election/${ELECTION_ID}/track`,
		`#/election/${ELECTION_ID}/track?receipt=`,
		`#/election/${ELECTION_ID}/track?peer=x`
	])('asks for nothing in "%s"', (fragment) => {
		expect(soughtReceiptOf(fragment)).toBeUndefined();
	});
});
