import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../bytes/testing/refusalOf';
import { MIN_GROUP } from '../limits';
import { sampleCommitment, sampleElection } from '../testing/samples';
import { sampleEnrolmentElection, sampleOrganiser } from '../testing/signedSamples';
import type { Opening } from '../transaction';
import { checkOpening, type OpeningContext } from './checkOpening';

const closesAt = '2026-05-01T18:00:00.000Z';
const closes = Date.UTC(2026, 4, 1, 18);
const election = sampleEnrolmentElection(5, { opensAt: '2026-05-01T06:00:00.000Z', closesAt });

/** Four voters are enrolled. */
const context: OpeningContext = { election, isFrozen: false, isClosed: false, enrolled: 4 };

function opening(groupSize: number): Opening {
	return { kind: 'opening', groupSize, groupRoot: sampleCommitment(7), signature: new Uint8Array(64) };
}

function refusal(changes: Partial<OpeningContext>, transaction: Opening, timestamp = 1_000) {
	return refusalOf(() => checkOpening({ ...context, ...changes }, transaction, timestamp));
}

describe('checkOpening', () => {
	it('accepts the opening of all who are enrolled, whether or not opensAt has come', () => {
		expect(refusal({}, opening(4))).toBeUndefined();
		expect(refusal({}, opening(4), closes - 1)).toBeUndefined();
		expect(refusal({ enrolled: 5 }, opening(5))).toBeUndefined();
	});

	it('refuses where the roll itself is the group', () => {
		const issued = sampleElection({ organiser: sampleOrganiser });
		expect(refusal({ election: issued, isFrozen: true, enrolled: 3 }, opening(3))).toBe('no-enrolment');
	});

	it('refuses a second one, before and after opensAt', () => {
		expect(refusal({ isFrozen: true }, opening(4))).toBe('already-open');
		expect(refusal({ isFrozen: true }, opening(4), closes - 1)).toBe('already-open');
	});

	it('refuses after a closing and from closesAt on', () => {
		expect(refusal({ isFrozen: true, isClosed: true }, opening(4))).toBe('poll-closed');
		expect(refusal({}, opening(4), closes)).toBe('poll-closed');
	});

	it.each([0, 3, 5, 2 ** 32 - 1])('refuses %i for a group of four', (groupSize) => {
		expect(refusal({}, opening(groupSize))).toBe('bad-group');
	});

	it('refuses a group in which a ballot is not hidden', () => {
		expect(MIN_GROUP).toBe(3);
		for (const enrolled of [0, 1, 2]) expect(refusal({ enrolled }, opening(enrolled))).toBe('group-too-small');
		expect(refusal({ enrolled: 3 }, opening(3))).toBeUndefined();
	});

	it('names the first rule that is broken', () => {
		expect(refusal({ isFrozen: true }, opening(1), closes)).toBe('poll-closed');
		expect(refusal({ isFrozen: true }, opening(1))).toBe('already-open');
		expect(refusal({ enrolled: 2 }, opening(1))).toBe('bad-group');
	});
});
