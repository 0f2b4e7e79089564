import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWellFormedCode } from '../election/votingCode';
import { invitationsOf, searchInvitations } from './invitations';

const SECRET = new Uint8Array(32).fill(7);
const ANN = { voterId: 'V1', name: 'Ann Ärmel', email: 'ann@example.org' };

function rollOf(...voterIds: string[]) {
	return { roll: voterIds.map((voterId) => ({ voterId, key: '' })) };
}

describe('invitationsOf', () => {
	it('goes by the roll, whatever the order of the contacts, and leaves strangers out', () => {
		const contacts = [
			{ voterId: 'V9', name: 'Stranger', email: '' },
			{ ...ANN, voterId: 'V2' }
		];
		const invitations = invitationsOf({ secret: SECRET, contacts }, rollOf('V2', 'V1'));
		expect(invitations).toEqual([
			{ ...ANN, voterId: 'V2', code: expect.any(String) as string },
			{ voterId: 'V1', name: '', email: '', code: expect.any(String) as string }
		]);
	});

	it('gives every voter a well-formed code of their own, the same each time', () => {
		const voterIds = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 20 });
		fc.assert(
			fc.property(voterIds, fc.uint8Array({ minLength: 32, maxLength: 32 }), (ids, secret) => {
				const codes = invitationsOf({ secret, contacts: [] }, rollOf(...ids)).map(({ code }) => code);
				expect(codes.every(isWellFormedCode)).toBe(true);
				expect(new Set(codes).size).toBe(ids.length);
				expect(invitationsOf({ secret, contacts: [] }, rollOf(...ids)).map(({ code }) => code)).toEqual(codes);
			}),
			{ numRuns: 20 }
		);
	});

	it('gives other codes for another secret', () => {
		const [one] = invitationsOf({ secret: SECRET, contacts: [] }, rollOf('V1'));
		const [other] = invitationsOf({ secret: SECRET.with(0, 8), contacts: [] }, rollOf('V1'));
		expect(one?.code).not.toBe(other?.code);
	});
});

describe('searchInvitations', () => {
	const invitations = invitationsOf({ secret: SECRET, contacts: [ANN] }, rollOf('V1', 'V2'));
	const found = (sought: string) => searchInvitations(invitations, sought).map(({ voterId }) => voterId);

	it('finds by voter ID, name and e-mail address, whatever the case', () => {
		expect([found('v2'), found('äRMEL'), found('EXAMPLE')]).toEqual([['V2'], ['V1'], ['V1']]);
	});

	it('finds all for nothing and none for something else', () => {
		expect([found('  '), found('Zoe')]).toEqual([['V1', 'V2'], []]);
	});

	it('does not search the codes', () => {
		expect(found(invitations[0]?.code ?? '')).toEqual([]);
	});
});
