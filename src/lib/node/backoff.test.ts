import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff';

describe('backoffMs', () => {
	it('doubles from 2 s to 10 min, and is shortened by up to a half', () => {
		expect([0, 1, 2, 8, 9, 30, 5_000].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
			2_000, 4_000, 8_000, 512_000, 600_000, 600_000, 600_000
		]);
		expect(backoffMs(0, () => 0)).toBe(1_000);
		expect(backoffMs(9, () => 0)).toBe(300_000);
	});
});
