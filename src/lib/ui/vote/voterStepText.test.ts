import { describe, expect, it } from 'vitest';
import type { OpeningView } from '../../node/api';
import { describeStep, whenPollOpens } from './voterStepText';

const OPENS_AT = '2026-05-03T08:00:00.000Z';
const OPENS_AT_MS = Date.parse(OPENS_AT);
const OPENING: OpeningView = { groupSize: 5, height: 3, timestamp: 1 };

describe('whenPollOpens', () => {
	it.each([
		['issued', OPENS_AT, undefined, OPENS_AT_MS - 1, /^from .*2026/],
		['issued', OPENS_AT, undefined, OPENS_AT_MS, /^in a moment$/],
		['enrolment', null, undefined, 0, /^when the organiser opens the poll$/],
		[
			'enrolment',
			OPENS_AT,
			undefined,
			OPENS_AT_MS - 1,
			/^when the organiser opens the poll, from .*2026.* at the earliest$/
		],
		['enrolment', OPENS_AT, undefined, OPENS_AT_MS, /^when the organiser opens the poll$/],
		['enrolment', OPENS_AT, OPENING, OPENS_AT_MS - 1, /^from .*2026/]
	] as const)('%s, opens at %s, opening %j, at %d', (eligibility, opensAt, opening, now, words) => {
		expect(whenPollOpens({ eligibility, opensAt }, opening, now, 'en')).toMatch(words);
	});
});

describe('describeStep', () => {
	const text = (status: Partial<Parameters<typeof describeStep>[0]>, hasOpened = false) =>
		describeStep({ voterId: 'ADA', step: 'wait', ...status }, 'enrolment', hasOpened, 'en');

	it('tells an enrolment that waits from one that is recorded', () => {
		expect(text({ step: 'enrolling', confirmations: 0 })).toMatch(/enrolled.*waiting to be recorded/);
		expect(text({ confirmations: 3 })).toMatch(/enrolled.*recorded, 3 deep/);
		expect(describeStep({ voterId: 'ADA', step: 'wait' }, 'issued', false)).not.toMatch(/enrol/);
	});

	it('says that the poll has just opened only to who waited for it', () => {
		expect(text({ step: 'vote' }, true)).toMatch(/open now/);
		expect(text({ step: 'vote' }, false)).not.toMatch(/now/);
	});
});
