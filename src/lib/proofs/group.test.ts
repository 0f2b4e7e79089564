import { Group } from '@semaphore-protocol/group';
import fc from 'fast-check';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import { describe, expect, it, vi } from 'vitest';
import type { Hash } from '../bytes/hash';
import { hashesToBytes } from '../bytes/hex';
import { bigintOfHash, hashOfBigint } from './fieldElement';
import { GroupTree } from './group';
import { Poseidon } from './poseidon';
import { R } from './testing/points';
import { PROOF_VECTOR } from './testing/proofVector';

const members = (count: number): Hash[] => Array.from({ length: count }, (_, index) => hashOfBigint(BigInt(index + 1)));
const treeOf = (commitments: readonly Hash[], similar?: GroupTree) =>
	GroupTree.build(hashesToBytes(commitments), similar);

/** How often Poseidon is computed meanwhile. */
function hashesIn(work: () => void): number {
	const hashPair = vi.spyOn(Poseidon.prototype, 'hashPair');
	try {
		work();
		return hashPair.mock.calls.length;
	} finally {
		hashPair.mockRestore();
	}
}

/** As Semaphore has it, root and all paths. */
function expectSemaphores(tree: GroupTree, commitments: readonly Hash[]): void {
	const group = new Group(commitments.map(bigintOfHash));
	expect(tree.root).toBe(group.root);
	for (const [place, commitment] of commitments.entries()) {
		expect(tree.placeOf(commitment)).toBe(place);
		const { index, siblings } = group.generateMerkleProof(place);
		expect(tree.pathFrom(place)).toEqual({ index, siblings });
		expect(tree.isRightAbove(place)).toBe(true);
	}
}

describe('GroupTree', () => {
	it('has the root of the vector', () => {
		expect(hashOfBigint(treeOf(PROOF_VECTOR.commitments).root)).toBe(PROOF_VECTOR.groupRoot);
	});

	it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129])(
		'is the one that Semaphore makes of %i members',
		(count) => expectSemaphores(treeOf(members(count)), members(count))
	);

	it('is the one that Semaphore makes of any members', () => {
		const anyMembers = fc.uniqueArray(fc.bigInt({ min: 1n, max: R - 1n }), { minLength: 1, maxLength: 40 });
		fc.assert(
			fc.property(anyMembers, (values) => {
				const commitments = values.map(hashOfBigint);
				expectSemaphores(treeOf(commitments), commitments);
			}),
			{ numRuns: 20 }
		);
	});

	it('has the root zero when nobody is in it', () => {
		expect(treeOf([]).root).toBe(0n);
	});

	it('has paths that lead to the root', () => {
		const commitments = members(11);
		const tree = treeOf(commitments);
		for (const commitment of commitments) {
			const { index, siblings } = tree.pathFrom(tree.placeOf(commitment));
			const root = siblings.reduce(
				(node, sibling, level) => ((index >> level) & 1 ? poseidon2([sibling, node]) : poseidon2([node, sibling])),
				bigintOfHash(commitment)
			);
			expect(root).toBe(tree.root);
		}
	});

	it('has no place for others', () => {
		expect(treeOf(members(3)).placeOf(hashOfBigint(4n))).toBe(-1);
	});
});

describe('a tree built after a similar one', () => {
	it('is the same as one from nothing, whatever the two groups', () => {
		const member = fc.integer({ min: 1, max: 6 }).map((value) => hashOfBigint(BigInt(value)));
		const group = fc.array(member, { maxLength: 20 });
		fc.assert(
			fc.property(group, group, (before, after) => {
				const tree = treeOf(after, treeOf(before));
				expect(tree.inner).toEqual(treeOf(after).inner);
			})
		);
	});

	it('hashes nothing for the same group, and only what is new for one that has grown', () => {
		const tree = treeOf(members(64));
		expect(hashesIn(() => treeOf(members(64), tree))).toBe(0);
		// One new leaf, which rises without a sibling until it meets the old root.
		expect(hashesIn(() => treeOf(members(65), tree))).toBe(1);
		expect(hashesIn(() => treeOf(members(80), tree))).toBe(16);
		expect(hashesIn(() => treeOf(members(64).with(10, hashOfBigint(99n)), tree))).toBe(6);
	});
});

describe('a tree from nodes that were kept', () => {
	const commitments = members(11);
	const built = treeOf(commitments);

	it('is as it was', () => {
		const tree = GroupTree.from(hashesToBytes(commitments), built.inner);
		expect(tree?.root).toBe(built.root);
		if (tree) expectSemaphores(tree, commitments);
	});

	it('must have as many nodes as the group needs', () => {
		expect(GroupTree.from(hashesToBytes(commitments), built.inner.subarray(32))).toBeUndefined();
		expect(GroupTree.from(hashesToBytes(members(13)), built.inner)).toBeUndefined();
	});

	it('tells which nodes are not what their children make them', () => {
		for (let wrong = 0; wrong < built.innerSize; wrong++) {
			const inner = built.inner.slice();
			inner[wrong * 32 + 31] = (inner[wrong * 32 + 31] ?? 0) ^ 1;
			const tree = GroupTree.from(hashesToBytes(commitments), inner);
			expect(tree?.isRight(wrong)).toBe(false);
			// A leaf whose path the node is on, or is a sibling on.
			const placesOff = commitments.filter((_, place) => tree?.isRightAbove(place) === false);
			expect(placesOff.length).toBeGreaterThan(0);
		}
		expect(Array.from({ length: built.innerSize }, (_, node) => built.isRight(node))).not.toContain(false);
	});
});
