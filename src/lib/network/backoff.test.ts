import { expect, test } from 'vitest';
import { Backoff } from './backoff';

const take = (backoff: Backoff, count: number): number[] => Array.from({ length: count }, () => backoff.nextMs());

test('doubles up to the longest and stays there', () => {
	const backoff = new Backoff({ first: 2_000, longest: 60_000 }, () => 0);
	expect(take(backoff, 8)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('chance cuts up to half', () => {
	const range = { first: 2_000, longest: 60_000 };
	expect(take(new Backoff(range, () => 0.5), 3)).toEqual([1_500, 3_000, 6_000]);
	expect(take(new Backoff(range, () => 1 - Number.EPSILON), 3)).toEqual([1_000, 2_000, 4_000]);
});

test('begins anew after a success, also after very many failures', () => {
	const backoff = new Backoff({ first: 2_000, longest: 600_000 }, () => 0);
	expect(take(backoff, 5_000).at(-1)).toBe(600_000);
	backoff.reset();
	expect(take(backoff, 2)).toEqual([2_000, 4_000]);
});
