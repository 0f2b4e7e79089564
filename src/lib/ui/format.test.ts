import { describe, expect, it } from 'vitest';
import {
	count,
	formatDuration,
	formatHashRate,
	formatMegabytes,
	formatNumber,
	formatShare,
	formatTime,
	shorten
} from './format';

describe('format', () => {
	it('says how much has come in megabytes', () => {
		expect(formatMegabytes(0, 4_237_798, 'en')).toBe('0.0 of 4.2 MB');
		expect(formatMegabytes(2_960_000, 4_237_798, 'en')).toBe('3.0 of 4.2 MB');
	});

	it('writes numbers for the locale', () => {
		expect(formatNumber(1234567, 'en')).toBe('1,234,567');
		expect(formatNumber(1234567, 'de')).toBe('1.234.567');
	});

	it('writes shares, and 0 % of nothing', () => {
		expect(formatShare(1, 3, 'en')).toBe('33.3%');
		expect(formatShare(0, 0, 'en')).toBe('0%');
	});

	it('dates every block but the genesis block', () => {
		expect(formatTime(0, 'en')).toBe('not dated');
		expect(formatTime(1_700_000_000_000, 'en')).toContain('2023');
	});

	it('writes hash rates', () => {
		expect(formatHashRate(0, 'en')).toBe('0 H/s');
		expect(formatHashRate(9_999.4, 'en')).toBe('9,999 H/s');
		expect(formatHashRate(15_250, 'en')).toBe('15.3 kH/s');
	});

	it('writes durations in a unit that suits them', () => {
		expect(formatDuration(1_500, 'en')).toBe('1.5 seconds');
		expect(formatDuration(42_300, 'en')).toBe('42 seconds');
		expect(formatDuration(180_000, 'en')).toBe('3 minutes');
		expect(formatDuration(3 * 86_400_000, 'en')).toBe('3 days');
		expect(formatDuration(Infinity, 'en')).toBe('unknown');
	});

	it('shortens only what is long', () => {
		expect(shorten('abcdef')).toBe('abcdef');
		expect(shorten('0123456789abcdef0123', 4)).toBe('0123…0123');
	});

	it('counts one and many', () => {
		expect(count(1, 'peer', 'peers', 'en')).toBe('1 peer');
		expect(count(2, 'peer', 'peers', 'en')).toBe('2 peers');
	});
});
