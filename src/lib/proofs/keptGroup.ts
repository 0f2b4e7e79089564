import { concatBytes, bytesEqual } from '../bytes/compare';
import type { Hash } from '../bytes/hash';
import { hashToBytes } from '../bytes/hex';
import { sha256 } from '../bytes/sha256';
import type { ByteCache } from './byteCache';
import { GroupTree } from './group';

const CHECKSUM_LENGTH = 32;
/** A smaller group is hashed as fast as it is loaded. */
export const MIN_KEPT_SIZE = 1_000;
/** Nodes that are computed again before a kept tree is used: the uppermost, on which all else depends, and some by chance. */
const UPPERMOST = 31;
const BY_CHANCE = 64;

/** Keeps what was hashed for a group, under its digest. The leaves are not kept: whoever asks for the tree brings them. */
export async function keepGroup(cache: ByteCache, digest: Hash, tree: GroupTree): Promise<void> {
	if (tree.size < MIN_KEPT_SIZE) return;
	await cache.save(digest, concatBytes(checksumOf(digest, tree.inner), tree.inner));
}

/**
 * The tree of a group, as far as it was kept and is sound. Undefined when anything is amiss: then it is to be built.
 *
 * The checksum tells of whatever is damaged, of another group's tree, and of one cut short. The nodes that are computed again
 * tell of a tree that was hashed in another way or of other commitments, by a fault of ours or of somebody who knows the
 * checksum: of one in which a share s of the nodes is wrong, all but (1 - s)^64. What remains is somebody who can write to this
 * origin's storage and alters a few nodes with care. A wrong root would have this tab refuse good ballots and take part in
 * no chain but its own; but whoever can write there finds the credentials and the organiser's secret beside it, and needs no tree.
 * A path is computed again in full before it is used, and with `enrolment` the organiser has signed the root.
 */
export async function loadKeptGroup(
	cache: ByteCache,
	digest: Hash,
	leaves: Uint8Array
): Promise<GroupTree | undefined> {
	const kept = await cache.load(digest);
	if (!kept) return undefined;
	const inner = kept.subarray(CHECKSUM_LENGTH);
	const tree = GroupTree.from(leaves, inner);
	if (!tree || tree.size < MIN_KEPT_SIZE) return undefined;
	if (!bytesEqual(checksumOf(digest, inner), kept.subarray(0, CHECKSUM_LENGTH))) return undefined;
	return nodesToCheck(tree.innerSize).every((node) => tree.isRight(node)) ? tree : undefined;
}

function checksumOf(digest: Hash, inner: Uint8Array): Uint8Array {
	return sha256(hashToBytes(digest), inner);
}

function nodesToCheck(innerSize: number): number[] {
	const uppermost = Array.from({ length: UPPERMOST }, (_, index) => innerSize - 1 - index);
	const byChance = Array.from({ length: BY_CHANCE }, () => Math.floor(Math.random() * innerSize));
	return [...uppermost, ...byChance];
}
