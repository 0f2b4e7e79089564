import { describe, expect, it } from 'vitest';
import { formatInstant, timeZoneName } from './localTime';

describe('local times', () => {
	it('names the zone of this device', () => {
		expect(timeZoneName('en')).toContain(Intl.DateTimeFormat().resolvedOptions().timeZone);
	});

	it('shows an instant as the clock here does, and says whose clock', () => {
		const text = formatInstant(new Date(2026, 6, 1, 9, 30).toISOString(), 'en-GB');
		expect(text).toMatch(/^Wednesday,? 1 July 2026 at 0?9:30 \S+/);
	});
});
