import fc from 'fast-check';
import { encode } from 'uqr';
import { describe, expect, it, vi } from 'vitest';
import type { Invitation } from '../../organising/invitations';
import { cardOf, CARD_STEPS, makeCards, partsOf, rowsOf, type InvitationCard } from './cards';

const LINK = `https://example.org/pollen/#/election/${'ab'.repeat(32)}/vote?peer=p&voter=V1&code=DEBYXWSM4WBNCJEY`;

function invitationOf(n: number): Invitation {
	return { voterId: `V${n}`, name: `Voter ${n}`, email: '', code: 'DEBYXWSM4WBNCJEY' };
}

/** Fills the modules that a card's path covers. */
function drawn({ qr }: Pick<InvitationCard, 'qr'>): boolean[][] {
	const modules = Array.from({ length: qr.size }, () => new Array<boolean>(qr.size).fill(false));
	for (const [, x, y, length] of qr.path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
		modules[Number(y)]?.fill(true, Number(x), Number(x) + Number(length));
	}
	return modules;
}

describe('cardOf', () => {
	it('says who it is for, in which election, with the code in groups of four', () => {
		expect(cardOf(invitationOf(1), 'Board', LINK)).toMatchObject({
			title: 'Board',
			voterId: 'V1',
			name: 'Voter 1',
			code: 'DEBY-XWSM-4WBN-CJEY'
		});
	});

	it('draws the link and nothing else, with a quiet zone', () => {
		const links = fc.webFragments({ size: 'small' }).map((fragment) => `https://example.org/#${fragment}`);
		fc.assert(
			fc.property(fc.oneof(fc.constant(LINK), links), (link) => {
				expect(drawn(cardOf(invitationOf(1), 'Board', link))).toEqual(encode(link, { ecc: 'M', border: 4 }).data);
			}),
			{ numRuns: 10 }
		);
	});

	it('has three lines of instructions for both ways of letting voters in', () => {
		expect([CARD_STEPS.enrolment.length, CARD_STEPS.issued.length]).toEqual([3, 3]);
		expect(CARD_STEPS.enrolment.join()).toContain('Enrol');
		expect(CARD_STEPS.issued.join()).not.toContain('Enrol');
	});
});

describe('makeCards', () => {
	const cardFor = ({ voterId }: Invitation) => ({ voterId }) as InvitationCard;

	it('makes all of them in order, and pauses between', async () => {
		const pause = vi.fn(() => Promise.resolve());
		const invitations = Array.from({ length: 20 }, (_, n) => invitationOf(n));
		const batches = [];
		for await (const batch of makeCards(invitations, cardFor, pause, new AbortController().signal)) batches.push(batch);
		expect(batches.flat().map(({ voterId }) => voterId)).toEqual(invitations.map(({ voterId }) => voterId));
		expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(10);
		expect(pause).toHaveBeenCalledTimes(batches.length);
	});

	it('stops when it is no longer wanted', async () => {
		const controller = new AbortController();
		const invitations = Array.from({ length: 100 }, (_, n) => invitationOf(n));
		let made = 0;
		for await (const batch of makeCards(invitations, cardFor, () => Promise.resolve(), controller.signal)) {
			made += batch.length;
			controller.abort();
		}
		expect(made).toBeLessThan(20);
	});
});

describe('partsOf and rowsOf', () => {
	it('leave nobody out and print nobody twice', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 6_000 }), (count) => {
				const all = Array.from({ length: count }, (_, n) => n);
				const parts = partsOf(count).map(({ from, to }) => all.slice(from, to));
				expect(parts.flat()).toEqual(all);
				expect(parts.every((part) => part.length >= 1 && part.length <= 1_000)).toBe(true);
				const rows = rowsOf(all);
				expect(rows.flat()).toEqual(all);
				expect(rows.slice(0, -1).every((row) => row.length === 2)).toBe(true);
			}),
			{ numRuns: 30 }
		);
	});
});
