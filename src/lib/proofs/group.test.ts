import { poseidon2 } from 'poseidon-lite/poseidon2';
import { describe, expect, it } from 'vitest';
import type { Hash } from '../bytes/hash';
import { bigintOfHash, hashOfBigint } from './fieldElement';
import { GroupTree, GroupTrees } from './group';
import { PROOF_VECTOR } from './testing/proofVector';

/** The LeanIMT as its paper defines it: a node without a right sibling rises unhashed. */
function leanRoot(level: readonly bigint[]): bigint {
	if (level.length === 1) return level[0] ?? 0n;
	const parents: bigint[] = [];
	for (let i = 0; i < level.length; i += 2) {
		const [left = 0n, right] = level.slice(i, i + 2);
		parents.push(right === undefined ? left : poseidon2([left, right]));
	}
	return leanRoot(parents);
}

const members = (count: number): Hash[] => Array.from({ length: count }, (_, index) => hashOfBigint(BigInt(index + 1)));

describe('GroupTree', () => {
	it('has the root of the vector', () => {
		expect(hashOfBigint(new GroupTree(PROOF_VECTOR.commitments).root)).toBe(PROOF_VECTOR.groupRoot);
	});

	it.each([1, 2, 3, 5, 8, 15])('has the root of a LeanIMT of %i members', (count) => {
		expect(new GroupTree(members(count)).root).toBe(leanRoot(members(count).map(bigintOfHash)));
	});

	it('has the root zero when nobody is in it', () => {
		expect(new GroupTree([]).root).toBe(0n);
	});

	it('has paths that lead to the root', () => {
		const commitments = members(11);
		const tree = new GroupTree(commitments);
		for (const commitment of commitments) {
			const path = tree.pathOf(commitment);
			const root = path?.siblings.reduce<bigint>(
				(node, sibling, level) => ((path.index >> level) & 1 ? poseidon2([sibling, node]) : poseidon2([node, sibling])),
				bigintOfHash(commitment)
			);
			expect(root).toBe(tree.root);
		}
	});

	it('has no path for others', () => {
		expect(new GroupTree(members(3)).pathOf(hashOfBigint(4n))).toBeUndefined();
	});
});

describe('GroupTrees', () => {
	it('hashes the groups that were asked about last only once', () => {
		const trees = new GroupTrees();
		const [three, four] = [trees.treeOf(members(3)), trees.treeOf(members(4))];
		expect(trees.treeOf(members(3))).toBe(three);
		expect(trees.treeOf(members(4))).toBe(four);
		expect(four.root).toBe(new GroupTree(members(4)).root);
	});

	it('forgets what was asked about longest ago', () => {
		const trees = new GroupTrees();
		const [three, four] = [trees.treeOf(members(3)), trees.treeOf(members(4))];
		trees.treeOf(members(3));
		trees.treeOf(members(5));
		expect(trees.treeOf(members(3))).toBe(three);
		const again = trees.treeOf(members(4));
		expect(again).not.toBe(four);
		expect(again.root).toBe(four.root);
	});

	it('tells groups apart by every commitment and by their order', () => {
		const trees = new GroupTrees();
		const groups = [members(3), members(3).toReversed(), members(3).with(1, hashOfBigint(9n)), members(2)];
		const roots = groups.map((group) => trees.treeOf(group).root);
		expect(roots).toEqual(groups.map((group) => new GroupTree(group).root));
		expect(new Set(roots).size).toBe(groups.length);
	});
});
