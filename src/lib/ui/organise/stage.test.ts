import { describe, expect, it } from 'vitest';
import type { ClosingView, OpeningView } from '../../node/api';
import { canOpen, nextThing, secrecyOf, stageOf, type StageSnapshot } from './stage';

const ENROLMENT = { eligibility: 'enrolment' } as const;
const ISSUED = { eligibility: 'issued' } as const;
const OPENING = { groupSize: 5 } as OpeningView;
const CLOSING = { height: 9 } as ClosingView;

function snapshotOf(changes: Partial<StageSnapshot>): StageSnapshot {
	return { phase: 'open', enrolled: 5, opening: undefined, closing: undefined, organiserTask: undefined, ...changes };
}

describe('stageOf', () => {
	it.each([
		[ENROLMENT, { phase: 'enrolment' }, 'enrolment'],
		[ENROLMENT, { phase: 'enrolment', organiserTask: 'opening' }, 'opening'],
		[ENROLMENT, { phase: 'before', opening: OPENING }, 'before'],
		[ENROLMENT, { phase: 'open', opening: OPENING }, 'open'],
		[ENROLMENT, { phase: 'open', opening: OPENING, organiserTask: 'closing' }, 'closing'],
		[ENROLMENT, { phase: 'closed', opening: OPENING }, 'over'],
		[ENROLMENT, { phase: 'closed' }, 'never-opened'],
		[ISSUED, { phase: 'closed' }, 'over'],
		[ISSUED, { phase: 'closed', organiserTask: 'closing' }, 'closing'],
		[ISSUED, { phase: 'closed', closing: CLOSING }, 'closed'],
		[ISSUED, { phase: 'open' }, 'open']
	] as const)('%j %j is %s', (election, changes, stage) => {
		expect(stageOf(snapshotOf(changes), election)).toBe(stage);
	});
});

describe('nextThing', () => {
	const next = (election: typeof ENROLMENT | typeof ISSUED, changes: Partial<StageSnapshot>, ballots = 0) =>
		nextThing(stageOf(snapshotOf(changes), election), snapshotOf(changes), election, ballots);

	it('is to invite until three have enrolled, then to open', () => {
		expect([0, 2, 3].map((enrolled) => next(ENROLMENT, { phase: 'enrolment', enrolled }))).toEqual([
			'invite',
			'invite',
			'open'
		]);
	});

	it('is to invite with issued codes until somebody has voted, then to close', () => {
		expect([next(ISSUED, { phase: 'before' }), next(ISSUED, {}), next(ISSUED, {}, 1)]).toEqual([
			'invite',
			'invite',
			'close'
		]);
	});

	it('is to wait while something waits to be recorded', () => {
		expect(next(ENROLMENT, { phase: 'enrolment', organiserTask: 'opening' })).toBe('wait');
		expect(next(ISSUED, { organiserTask: 'closing' }, 3)).toBe('wait');
	});

	it('is to make the result final once time is up, and then to read it', () => {
		expect([next(ISSUED, { phase: 'closed' }), next(ISSUED, { phase: 'closed', closing: CLOSING })]).toEqual([
			'close',
			'results'
		]);
	});
});

describe('groups', () => {
	it('of fewer than three cannot be opened', () => {
		expect([0, 2, 3].map((enrolled) => canOpen({ enrolled }))).toEqual([false, false, true]);
	});

	it('of fewer than ten hide a ballot weakly', () => {
		expect([2, 3, 9, 10].map(secrecyOf)).toEqual(['none', 'weak', 'weak', 'good']);
	});
});
