import { expect, it } from 'vitest';
import { BoundedSet } from './boundedSet';

it('forgets the oldest beyond its limit', () => {
	const set = new BoundedSet<number>(2);
	for (const member of [1, 2, 3]) set.add(member);
	expect([1, 2, 3].map((member) => set.has(member))).toEqual([false, true, true]);
});

it('counts a member that is added again as new, and only once', () => {
	const set = new BoundedSet<number>(2);
	for (const member of [1, 2, 1, 3]) set.add(member);
	expect([1, 2, 3].map((member) => set.has(member))).toEqual([true, false, true]);
});

it('deletes', () => {
	const set = new BoundedSet<number>(2);
	set.add(1);
	set.delete(1);
	expect(set.has(1)).toBe(false);
});
