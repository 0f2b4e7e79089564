import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../bytes/testing/refusalOf';
import type { Hash } from '../../bytes/hash';
import { sampleCommitment, sampleElection } from '../testing/samples';
import { sampleEnrolmentElection } from '../testing/signedSamples';
import type { Enrolment } from '../transaction';
import { checkEnrolment, type EnrolmentContext } from './checkEnrolment';

const closesAt = '2026-05-01T18:00:00.000Z';
const closes = Date.UTC(2026, 4, 1, 18);
const election = sampleEnrolmentElection(5, { opensAt: '2026-05-01T06:00:00.000Z', closesAt });

/** Before the opening; voter 1 is enrolled with commitment 2. */
const context: EnrolmentContext = {
	election,
	isFrozen: false,
	isClosed: false,
	isEnrolled: (rollIndex) => rollIndex === 1,
	isCommitted: (commitment) => commitment === sampleCommitment(2)
};

function enrolment(rollIndex: number, commitment: Hash = sampleCommitment(rollIndex + 1)): Enrolment {
	return { kind: 'enrolment', rollIndex, commitment, signature: new Uint8Array(64) };
}

function refusal(changes: Partial<EnrolmentContext>, transaction: Enrolment, timestamp = 1_000) {
	return refusalOf(() => checkEnrolment({ ...context, ...changes }, transaction, timestamp));
}

describe('checkEnrolment', () => {
	it('accepts a voter who is not enrolled yet, whether or not opensAt has come', () => {
		expect(refusal({}, enrolment(0))).toBeUndefined();
		expect(refusal({}, enrolment(4), closes - 1)).toBeUndefined();
	});

	it('refuses everybody where the roll is the group', () => {
		expect(refusal({ election: sampleElection(), isFrozen: true }, enrolment(0))).toBe('no-enrolment');
	});

	it('refuses after the opening, before opensAt as well', () => {
		expect(refusal({ isFrozen: true }, enrolment(0))).toBe('enrolment-closed');
		expect(refusal({ isFrozen: true }, enrolment(0), closes - 1)).toBe('enrolment-closed');
	});

	it('refuses after a closing and from closesAt on', () => {
		expect(refusal({ isFrozen: true, isClosed: true }, enrolment(0))).toBe('poll-closed');
		expect(refusal({}, enrolment(0), closes)).toBe('poll-closed');
	});

	it.each([5, 6, 2 ** 32 - 1])('refuses roll index %i of five voters', (rollIndex) => {
		expect(refusal({}, enrolment(rollIndex, sampleCommitment(9)))).toBe('unknown-voter');
	});

	it('refuses a voter twice, with the same and with another credential', () => {
		expect(refusal({}, enrolment(1))).toBe('already-enrolled');
		expect(refusal({}, enrolment(1, sampleCommitment(9)))).toBe('already-enrolled');
	});

	it('refuses a credential that somebody else has enrolled', () => {
		expect(refusal({}, enrolment(0, sampleCommitment(2)))).toBe('duplicate-commitment');
	});

	it('names the first rule that is broken', () => {
		const worst = enrolment(1, sampleCommitment(2));
		expect(refusal({ election: sampleElection({ closesAt }), isFrozen: true }, worst, closes)).toBe('no-enrolment');
		expect(refusal({ isFrozen: true }, worst, closes)).toBe('poll-closed');
		expect(refusal({ isFrozen: true }, worst)).toBe('enrolment-closed');
		expect(refusal({ isEnrolled: () => true }, enrolment(5, sampleCommitment(2)))).toBe('unknown-voter');
		expect(refusal({}, worst)).toBe('already-enrolled');
	});
});
