import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/merkle.json';
import type { Hash } from '../bytes/hash';
import { hexToBytes } from '../bytes/hex';
import { refusalOf } from '../bytes/testing/refusalOf';
import { inclusionProof, merkleRoot, verifyInclusion, type Inclusion } from './merkle';
import { anyHash } from './testing/arbitraries';

const knownLeaves = vectors.leaves.map(hexToBytes);
const distinctLeaves = (size: number) => Array.from({ length: size }, (_, i) => Uint8Array.of(i >> 8, i & 0xff));

/** RFC 6962, section 2.1, as it is written there: a second way to the root, for comparison. */
function rootByDefinition(leaves: readonly Uint8Array[]): Buffer {
	const hash = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
	if (leaves.length === 0) return hash();
	if (leaves.length === 1) return hash(Uint8Array.of(0), leaves[0]!);
	let split = 1;
	while (split * 2 < leaves.length) split *= 2;
	return hash(Uint8Array.of(1), rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

const inclusionOf = (leaves: readonly Uint8Array[], index: number): Inclusion => ({
	leaf: leaves[index]!,
	index,
	size: leaves.length,
	proof: inclusionProof(leaves, index),
	root: merkleRoot(leaves)
});

const someInclusion = fc
	.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 200 })
	.chain((leaves) => fc.nat(leaves.length - 1).map((index) => inclusionOf(leaves, index)));

describe('merkleRoot', () => {
	it.each(vectors.roots)('golden: $size leaves', ({ size, root }) => {
		expect(merkleRoot(knownLeaves.slice(0, size))).toBe(root);
	});

	it('is the tree of the RFC', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 100 }), (leaves) => {
				expect(merkleRoot(leaves)).toBe(rootByDefinition(leaves).toString('hex'));
			})
		);
	});

	it('does not take a doubled last leaf for a single one', () => {
		for (const size of [1, 3, 5, 7]) {
			const leaves = distinctLeaves(size);
			expect(merkleRoot([...leaves, leaves[size - 1]!])).not.toBe(merkleRoot(leaves));
		}
	});

	it('does not take two hashes for one leaf', () => {
		const [a, b] = distinctLeaves(2);
		const joined = Buffer.concat([a!, b!].map((leaf) => hexToBytes(merkleRoot([leaf]))));
		expect(merkleRoot([joined])).not.toBe(merkleRoot([a!, b!]));
	});
});

describe('inclusion proofs', () => {
	it.each(vectors.proofs)('golden: leaf $index of $size', ({ index, size, proof }) => {
		expect(inclusionProof(knownLeaves.slice(0, size), index)).toEqual(proof);
	});

	it('show every leaf of every size up to 40, at its own place only', () => {
		for (let size = 1; size <= 40; size++) {
			const leaves = distinctLeaves(size);
			for (let index = 0; index < size; index++) {
				const inclusion = inclusionOf(leaves, index);
				expect(verifyInclusion(inclusion)).toBe(true);
				const places = leaves.map((_, place) => verifyInclusion({ ...inclusion, index: place }));
				expect(places.indexOf(true)).toBe(index);
				expect(places.lastIndexOf(true)).toBe(index);
				expect(verifyInclusion({ ...inclusion, leaf: distinctLeaves(size + 1)[size]! })).toBe(false);
			}
		}
	});

	it('show every leaf of any tree', () => {
		fc.assert(fc.property(someInclusion, (inclusion) => verifyInclusion(inclusion)));
	});

	it('are no longer than the tree is high', () => {
		fc.assert(
			fc.property(someInclusion, ({ proof, size }) => {
				expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
			})
		);
	});

	it('are refused when a hash, the leaf or the root is changed', () => {
		fc.assert(
			fc.property(someInclusion, fc.nat(), fc.integer({ min: 1, max: 15 }), (inclusion, at, change) => {
				const { leaf, proof, root } = inclusion;
				const flip = (hash: Hash) => {
					const digit = (parseInt(hash[at % 64]!, 16) ^ change).toString(16);
					return (hash.slice(0, at % 64) + digit + hash.slice((at % 64) + 1)) as Hash;
				};
				expect(verifyInclusion({ ...inclusion, root: flip(root) })).toBe(false);
				expect(verifyInclusion({ ...inclusion, leaf: Buffer.concat([leaf, Uint8Array.of(change)]) })).toBe(false);
				proof.forEach((hash, i) => {
					expect(verifyInclusion({ ...inclusion, proof: proof.with(i, flip(hash)) })).toBe(false);
				});
			})
		);
	});

	it('are refused when hashes are added, dropped or swapped', () => {
		fc.assert(
			fc.property(someInclusion, anyHash, fc.nat(), (inclusion, hash, at) => {
				const { proof } = inclusion;
				const place = at % (proof.length + 1);
				expect(verifyInclusion({ ...inclusion, proof: proof.toSpliced(place, 0, hash) })).toBe(false);
				if (proof.length === 0) return;
				expect(verifyInclusion({ ...inclusion, proof: proof.toSpliced(place % proof.length, 1) })).toBe(false);
				const reversed = proof.toReversed();
				if (reversed.some((h, i) => h !== proof[i])) {
					expect(verifyInclusion({ ...inclusion, proof: reversed })).toBe(false);
				}
			})
		);
	});

	it('are refused when they are longer than a tree of that size is high', () => {
		// The second of two leaves, passed off as the only one: the hashes alone would lead to the root.
		const inclusion = inclusionOf(distinctLeaves(2), 1);
		expect(verifyInclusion({ ...inclusion, index: 0, size: 1 })).toBe(false);
	});

	it('are refused, without an error, when they hold nonsense', () => {
		const inclusion = inclusionOf(distinctLeaves(5), 2);
		const nonsense: Partial<Inclusion>[] = [
			{ index: -1 },
			{ index: 5 },
			{ index: 2.5 },
			{ index: NaN },
			{ size: 0 },
			{ size: Infinity },
			{ root: 'x' as Hash },
			{ root: inclusion.root.toUpperCase() as Hash },
			{ proof: ['' as Hash, ...inclusion.proof.slice(1)] }
		];
		for (const change of nonsense) expect(verifyInclusion({ ...inclusion, ...change })).toBe(false);
	});

	it('exist only for leaves that do', () => {
		for (const index of [-1, 3, 0.5, NaN]) {
			expect(refusalOf(() => inclusionProof(distinctLeaves(3), index))).toBe('bad-encoding');
		}
		expect(refusalOf(() => inclusionProof([], 0))).toBe('bad-encoding');
	});
});
