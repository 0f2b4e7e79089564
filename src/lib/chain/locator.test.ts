import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../bytes/testing/refusalOf';
import { grandparentOf } from './chainEntry';
import { forkPoint, MAX_LOCATOR_LENGTH } from './locator';
import { chainOn, entryOf, fakeHash, genesis, someHeaders, treeOf } from './testing/randomTree';

const LONG = 3_000;
const longChain = chainOn(genesis, LONG, 'long');
const longTree = treeOf(longChain);
const entryAt = (height: number) => longTree.ancestorAt(longTree.best, height);

describe('ancestorAt', () => {
	it('finds the ancestor at each height, the entry itself at its own', () => {
		fc.assert(
			fc.property(fc.nat(LONG), fc.nat(LONG), (a, b) => {
				const entry = entryAt(Math.max(a, b));
				const ancestor = longTree.ancestorAt(entry, Math.min(a, b));
				expect(ancestor.header.height).toBe(Math.min(a, b));
				expect(ancestor.hash).toBe([genesis, ...longChain][Math.min(a, b)]!.hash);
			})
		);
	});

	it('refuses heights that the branch has not', () => {
		for (const height of [-1, 11, 0.5, NaN]) {
			expect(refusalOf(() => longTree.ancestorAt(entryAt(10), height))).toBe('bad-height');
		}
	});
});

describe('grandparentOf', () => {
	it('is the header of the parent of the parent to be, and none when that is the genesis', () => {
		expect(grandparentOf(entryAt(5))).toBe(entryAt(4).header);
		expect(longTree.grandparentOf(entryAt(1))).toBe(genesis.header);
		expect(longTree.grandparentOf(longTree.genesis)).toBeUndefined();
	});
});

describe('locator', () => {
	const heightsOf = (height: number) =>
		longTree.locator(entryAt(height)).map((hash) => longTree.get(hash)!.header.height);

	it('names the latest ten, then doubles its steps, and ends with the genesis', () => {
		expect(heightsOf(0)).toEqual([0]);
		expect(heightsOf(3)).toEqual([3, 2, 1, 0]);
		expect(heightsOf(100)).toEqual([100, 99, 98, 97, 96, 95, 94, 93, 92, 91, 89, 85, 77, 61, 29, 0]);
	});

	it('is short, falls, and ends with the genesis for every height', () => {
		fc.assert(
			fc.property(fc.nat(LONG), (height) => {
				const heights = heightsOf(height);
				expect(heights.length).toBeLessThanOrEqual(MAX_LOCATOR_LENGTH);
				expect(heights[0]).toBe(height);
				expect(heights.at(-1)).toBe(0);
				expect(heights).toEqual([...new Set(heights)].sort((a, b) => b - a));
			})
		);
	});
});

describe('following', () => {
	it('brings a peer from where its branch left ours to our tip, in steps', () => {
		fc.assert(
			fc.property(
				fc.nat(40),
				fc.nat(40),
				fc.nat(40),
				fc.integer({ min: 1, max: 30 }),
				(common, ours, theirs, limit) => {
					const trunk = chainOn(genesis, common, 'trunk');
					const left = chainOn(trunk.at(-1) ?? genesis, ours, 'left');
					const right = chainOn(trunk.at(-1) ?? genesis, theirs, 'right');
					const our = treeOf([...trunk, ...left]);
					const their = treeOf([...trunk, ...right]);
					const tip = entryOf(our, left.at(-1) ?? trunk.at(-1) ?? genesis);
					let theirTip = entryOf(their, right.at(-1) ?? trunk.at(-1) ?? genesis);
					// Each round makes progress of at least one entry of our branch once the common part is passed.
					for (let round = 0; theirTip.hash !== tip.hash && round < 200; round++) {
						const answer = our.following(their.locator(theirTip), tip, limit);
						if (answer.length === 0) break;
						expect(answer.length).toBeLessThanOrEqual(limit);
						for (const { header, hash } of answer) theirTip = their.insert(header, hash);
					}
					expect(their.has(tip.hash)).toBe(true);
				}
			)
		);
	});

	it('starts right after the fork when it is among the latest ten', () => {
		fc.assert(
			fc.property(fc.nat(30), fc.integer({ min: 1, max: 30 }), fc.nat(9), (common, ours, theirs) => {
				const trunk = chainOn(genesis, common, 'trunk');
				const left = chainOn(trunk.at(-1) ?? genesis, ours, 'left');
				const right = chainOn(trunk.at(-1) ?? genesis, theirs, 'right');
				const tree = treeOf([...trunk, ...left, ...right]);
				const locator = tree.locator(entryOf(tree, right.at(-1) ?? trunk.at(-1) ?? genesis));
				const answer = tree.following(locator, entryOf(tree, left.at(-1)!), 500);
				expect(answer.map(({ hash }) => hash)).toEqual(left.map(({ hash }) => hash));
			})
		);
	});

	it('starts at the highest entry of the branch that the locator names', () => {
		fc.assert(
			fc.property(someHeaders, fc.nat(), fc.nat(), (headers, one, two) => {
				const tree = treeOf(headers);
				const entries = [...tree.entries()];
				const tip = entries[one % entries.length]!;
				const locator = tree.locator(entries[two % entries.length]!);
				const branch = new Set(Array.from({ length: tip.header.height + 1 }, (_, h) => tree.ancestorAt(tip, h).hash));
				const fork = tree.get(locator.find((hash) => branch.has(hash))!)!;
				expect(forkPoint(locator, tip)).toBe(fork);
				const answer = tree.following(locator, tip, 500);
				const expected = Array.from({ length: tip.header.height - fork.header.height }, (_, i) =>
					tree.ancestorAt(tip, fork.header.height + 1 + i)
				);
				expect(answer).toEqual(expected);
			})
		);
	});

	it('starts after the genesis when the locator names nothing of the branch', () => {
		const expected = longChain.slice(0, 5).map(({ hash }) => hash);
		for (const locator of [[], [fakeHash('elsewhere')]]) {
			expect(longTree.following(locator, longTree.best, 5).map(({ hash }) => hash)).toEqual(expected);
		}
	});

	it('is empty for the tip itself and for a limit of none', () => {
		expect(longTree.following([longTree.best.hash], longTree.best, 500)).toEqual([]);
		expect(longTree.following([], longTree.best, 0)).toEqual([]);
		expect(longTree.following([], longTree.best, -1)).toEqual([]);
	});
});
