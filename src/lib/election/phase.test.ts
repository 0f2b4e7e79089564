import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phaseAt } from './phase';

const opensAt = '2026-05-01T06:00:00.000Z';
const closesAt = '2026-05-01T18:00:00.000Z';
const opens = Date.UTC(2026, 4, 1, 6);
const closes = Date.UTC(2026, 4, 1, 18);
const timed = { opensAt, closesAt };
const timeless = { opensAt: null, closesAt: null };

describe('phaseAt', () => {
	it('opens at the instant and closes at the instant', () => {
		const context = { election: timed, isFrozen: true, isClosed: false };
		expect(phaseAt(context, 0)).toBe('before');
		expect(phaseAt(context, opens - 1)).toBe('before');
		expect(phaseAt(context, opens)).toBe('open');
		expect(phaseAt(context, closes - 1)).toBe('open');
		expect(phaseAt(context, closes)).toBe('closed');
		expect(phaseAt(context, Number.MAX_SAFE_INTEGER)).toBe('closed');
	});

	it('is open without limits', () => {
		const frozen = { isFrozen: true, isClosed: false };
		expect(phaseAt({ election: timeless, ...frozen }, 0)).toBe('open');
		expect(phaseAt({ election: { opensAt: null, closesAt }, ...frozen }, 0)).toBe('open');
		expect(phaseAt({ election: { opensAt: null, closesAt }, ...frozen }, closes)).toBe('closed');
		expect(phaseAt({ election: { opensAt, closesAt: null }, ...frozen }, opens - 1)).toBe('before');
		expect(phaseAt({ election: { opensAt, closesAt: null }, ...frozen }, Number.MAX_SAFE_INTEGER)).toBe('open');
	});

	it('is enrolment until the group is frozen, also after opensAt, and not after closesAt', () => {
		const context = { election: timed, isFrozen: false, isClosed: false };
		expect(phaseAt(context, 0)).toBe('enrolment');
		expect(phaseAt(context, opens)).toBe('enrolment');
		expect(phaseAt(context, closes - 1)).toBe('enrolment');
		expect(phaseAt(context, closes)).toBe('closed');
		expect(phaseAt({ ...context, election: timeless }, Number.MAX_SAFE_INTEGER)).toBe('enrolment');
	});

	it('is closed by a closing at any time', () => {
		fc.assert(
			fc.property(fc.maxSafeNat(), fc.constantFrom(timed, timeless), fc.boolean(), (time, election, isFrozen) => {
				expect(phaseAt({ election, isFrozen, isClosed: true }, time)).toBe('closed');
			})
		);
	});
});
