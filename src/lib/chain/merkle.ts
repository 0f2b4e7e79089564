import { bytesEqual } from '../bytes/compare';
import { isHash, type Hash } from '../bytes/hash';
import { hashFromBytes, hashToBytes } from '../bytes/hex';
import { sha256 } from '../bytes/sha256';
import { PollenError } from '../errors/pollenError';

// RFC 6962, section 2.1: without the prefixes a node's two children could be passed off as one leaf.
const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

export interface Inclusion {
	/** The leaf's bytes, not its hash. */
	readonly leaf: Uint8Array;
	/** The leaf's position, counted from 0. */
	readonly index: number;
	/** Leaves of the tree. */
	readonly size: number;
	/** Siblings on the way from the leaf up to the root. */
	readonly proof: readonly Hash[];
	readonly root: Hash;
}

/** The Merkle tree hash of RFC 6962, section 2.1; of no leaves, SHA-256 of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Hash {
	return merkleRootOfHashes(leaves.map(hashLeaf));
}

/** The same from the {@link hashLeaf hashes} of the leaves, for whoever has kept them. */
export function merkleRootOfHashes(leafHashes: readonly Uint8Array[]): Hash {
	let level = leafHashes;
	while (level.length > 1) level = levelAbove(level);
	return hashFromBytes(level[0] ?? sha256());
}

/**
 * The audit path of RFC 6962, section 2.1.1: the siblings of the leaf's ancestors, lowest first.
 * @throws PollenError bad-encoding when there is no leaf at `index`
 */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Hash[] {
	if (!isIndex(index, leaves.length)) {
		throw new PollenError('bad-encoding', `no leaf ${index} among ${leaves.length}`);
	}
	const proof: Hash[] = [];
	let level = leaves.map(hashLeaf);
	for (let position = index; level.length > 1; position = Math.floor(position / 2)) {
		const sibling = level[position % 2 === 0 ? position + 1 : position - 1];
		// The last of an odd level has no sibling and is its own parent.
		if (sibling) proof.push(hashFromBytes(sibling));
		level = levelAbove(level);
	}
	return proof;
}

/**
 * Whether a proof shows that the leaf stands at `index` in the tree of that size and root. Never throws, whatever the
 * proof holds. The steps and names are those of RFC 9162, section 2.1.3.2.
 */
export function verifyInclusion({ leaf, index, size, proof, root }: Inclusion): boolean {
	if (!isIndex(index, size) || !isHash(root)) return false;
	let fn = index;
	let sn = size - 1;
	let r = hashLeaf(leaf);
	for (const p of proof) {
		if (sn === 0 || !isHash(p)) return false;
		if (fn % 2 === 1 || fn === sn) {
			r = hashNode(hashToBytes(p), r);
			while (fn % 2 === 0 && fn !== 0) {
				fn = Math.floor(fn / 2);
				sn = Math.floor(sn / 2);
			}
		} else {
			r = hashNode(r, hashToBytes(p));
		}
		fn = Math.floor(fn / 2);
		sn = Math.floor(sn / 2);
	}
	return sn === 0 && bytesEqual(r, hashToBytes(root));
}

/**
 * Pairs neighbours; the last of an odd number goes up as it is. Level by level this gives the same tree as the RFC's
 * split at the largest power of two below the size, because every left subtree of that split is complete.
 */
function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
	const above: Uint8Array[] = [];
	for (let i = 0; i < level.length; i += 2) {
		const left = level[i] as Uint8Array;
		const right = level[i + 1];
		above.push(right ? hashNode(left, right) : left);
	}
	return above;
}

/** What a leaf is in the tree; 32 bytes. */
export function hashLeaf(leaf: Uint8Array): Uint8Array {
	return sha256(LEAF_PREFIX, leaf);
}

function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
	return sha256(NODE_PREFIX, left, right);
}

function isIndex(index: number, size: number): boolean {
	return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}
