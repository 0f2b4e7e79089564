import { describe, expect, it } from 'vitest';
import type { Hash } from '../../bytes/hash';
import { refusalOf } from '../../bytes/testing/refusalOf';
import { sampleBallot, sampleCommitment } from '../testing/samples';
import { sampleClosing, sampleEnrolment, sampleGroupRoot, sampleOpening } from '../testing/signedSamples';
import { transactionId, type Transaction } from '../transaction';
import { CHECKED_BEFORE, checkEvidence, type Evidence, type EvidenceContext } from './evidence';

const electionId = sampleCommitment(99);
const root = sampleCommitment(42);
const enrolled = [1, 2, 3].map(sampleCommitment);
const context: EvidenceContext = { groupRoot: root, enrolledCommitments: () => enrolled };

const ballot = sampleBallot(1);
const enrolment = sampleEnrolment(electionId, 0);
const opening = sampleOpening({ electionId, enrolledCommitments: () => enrolled });
const closing = sampleClosing({ electionId, height: 3, blockHashAt: sampleCommitment });

/** Nothing holds but what a test says. */
const NOTHING: Evidence = { isProven: () => false, isSigned: () => false, isRootOf: () => false };

function refusal(transaction: Transaction, evidence: Partial<Evidence>, within = context) {
	const all = { ...NOTHING, ...evidence };
	return refusalOf(() => checkEvidence(within, transaction, transactionId(transaction), all));
}

describe('checkEvidence', () => {
	it('wants the proof of a ballot, and nothing else', () => {
		expect(refusal(ballot, { isProven: () => true })).toBeUndefined();
		expect(refusal(ballot, { isSigned: () => true, isRootOf: () => true })).toBe('bad-proof');
	});

	it('asks about this ballot and the frozen group', () => {
		const asked: [Hash, Hash | null][] = [];
		const isProven = (id: Hash, groupRoot: Hash | null) => asked.push([id, groupRoot]) > 0;
		refusal(ballot, { isProven });
		refusal(ballot, { isProven }, { ...context, groupRoot: null });
		expect(asked).toEqual([
			[transactionId(ballot), root],
			[transactionId(ballot), null]
		]);
	});

	it.each([enrolment, closing])('wants the signature of this $kind, and nothing else', (transaction) => {
		const id = transactionId(transaction);
		expect(refusal(transaction, { isSigned: (asked) => asked === id })).toBeUndefined();
		expect(refusal(transaction, { isSigned: (asked) => asked !== id })).toBe('bad-signature');
		expect(refusal(transaction, { isProven: () => true, isRootOf: () => true })).toBe('bad-signature');
	});

	it('wants the signature of an opening, then the root of the group it freezes', () => {
		const isSigned = (asked: Hash) => asked === transactionId(opening);
		const isRootOf = (asked: Hash, commitments: readonly Hash[]) => sampleGroupRoot(commitments) === asked;
		expect(refusal(opening, { isSigned, isRootOf })).toBeUndefined();
		expect(refusal(opening, { isRootOf })).toBe('bad-signature');
		expect(refusal(opening, { isSigned })).toBe('bad-group');
		const others = { ...context, enrolledCommitments: () => enrolled.slice(1) };
		expect(refusal(opening, { isSigned, isRootOf }, others)).toBe('bad-group');
		const reversed = { ...context, enrolledCommitments: () => enrolled.toReversed() };
		expect(refusal(opening, { isSigned, isRootOf }, reversed)).toBe('bad-group');
	});

	it('asks nothing again of what was checked before', () => {
		for (const transaction of [ballot, enrolment, opening, closing]) {
			expect(refusal(transaction, CHECKED_BEFORE)).toBeUndefined();
		}
	});
});
