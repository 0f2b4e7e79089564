import { describe, expect, it } from 'vitest';
import { phaseAt } from './phase';

const opensAt = '2026-05-01T06:00:00.000Z';
const closesAt = '2026-05-01T18:00:00.000Z';
const opens = Date.UTC(2026, 4, 1, 6);
const closes = Date.UTC(2026, 4, 1, 18);

describe('phaseAt', () => {
	it('opens at the instant and closes at the instant', () => {
		const election = { opensAt, closesAt };
		expect(phaseAt(election, 0)).toBe('before');
		expect(phaseAt(election, opens - 1)).toBe('before');
		expect(phaseAt(election, opens)).toBe('open');
		expect(phaseAt(election, closes - 1)).toBe('open');
		expect(phaseAt(election, closes)).toBe('closed');
		expect(phaseAt(election, Number.MAX_SAFE_INTEGER)).toBe('closed');
	});

	it('is open without limits', () => {
		expect(phaseAt({ opensAt: null, closesAt: null }, 0)).toBe('open');
		expect(phaseAt({ opensAt: null, closesAt }, 0)).toBe('open');
		expect(phaseAt({ opensAt: null, closesAt }, closes)).toBe('closed');
		expect(phaseAt({ opensAt, closesAt: null }, opens - 1)).toBe('before');
		expect(phaseAt({ opensAt, closesAt: null }, Number.MAX_SAFE_INTEGER)).toBe('open');
	});
});
