import { describe, expect, it } from 'vitest';
import { lossesOf, roleText } from './walletEntryText';

const NOTHING = { isOrganiser: false, credentials: [], receipts: 0 };

describe('roleText', () => {
	it.each([
		[NOTHING, 'Looked in'],
		[{ ...NOTHING, receipts: 1 }, 'Voter'],
		[{ ...NOTHING, credentials: ['A'] }, 'Voter'],
		[{ ...NOTHING, isOrganiser: true }, 'Organiser'],
		[{ isOrganiser: true, credentials: ['A'], receipts: 1 }, 'Organiser and voter']
	])('takes %j for %s', (held, role) => {
		expect(roleText(held)).toBe(role);
	});
});

describe('lossesOf', () => {
	it('names nothing where only the note of a visit goes', () => {
		expect(lossesOf(NOTHING)).toEqual([]);
	});

	it('names the key, each credential and the receipts', () => {
		const losses = lossesOf({ isOrganiser: true, credentials: ['A', 'B'], receipts: 2 });
		expect(losses.map(({ kind, voterId }) => [kind, voterId])).toEqual([
			['organiser', undefined],
			['credential', 'A'],
			['credential', 'B'],
			['receipts', undefined]
		]);
		expect(losses.at(-1)?.what).toBe('2 receipts');
	});
});
