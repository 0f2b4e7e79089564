import { afterEach, describe, expect, it, vi } from 'vitest';
import { concatBytes } from '../bytes/compare';
import type { Hash } from '../bytes/hash';
import { hashToBytes, hashesToBytes } from '../bytes/hex';
import { sha256, sha256Hash } from '../bytes/sha256';
import { memoryByteCache, type ByteCache } from './byteCache';
import { hashOfBigint } from './fieldElement';
import { GroupTree } from './group';
import { GroupTrees } from './groupTrees';
import { MIN_KEPT_SIZE } from './keptGroup';

type Bytes = Uint8Array<ArrayBuffer>;

const members = (count: number): Hash[] => Array.from({ length: count }, (_, index) => hashOfBigint(BigInt(index + 1)));
const GROUP = members(MIN_KEPT_SIZE);
const MEMBER_PLACE = 700;
const MEMBER = GROUP[MEMBER_PLACE] as Hash;
const TREE = GroupTree.build(hashesToBytes(GROUP));
const ROOT = hashOfBigint(TREE.root);
const DIGEST = sha256Hash(hashesToBytes(GROUP));
const CHECKSUM_LENGTH = 32;

/** A cache in which GROUP is kept, as `alter` has changed it. */
async function cacheWith(alter: (kept: Bytes) => Bytes): Promise<ByteCache> {
	const cache = memoryByteCache();
	await new GroupTrees(cache).rootOf(GROUP);
	const kept = await cache.load(DIGEST);
	if (!kept) throw new Error('nothing was kept');
	await cache.save(DIGEST, alter(kept));
	return cache;
}

/** Alters the nodes, and makes the checksum agree: what somebody does who knows how trees are kept. */
const forging =
	(alter: (inner: Bytes) => Bytes) =>
	(kept: Bytes): Bytes => {
		const inner = alter(kept.slice(CHECKSUM_LENGTH));
		return concatBytes(sha256(hashToBytes(DIGEST), inner), inner);
	};

const flipped = (bytes: Bytes, at: number): Bytes => bytes.with(at, (bytes[at] ?? 0) ^ 1);
const nodeFlipped =
	(node: number) =>
	(inner: Bytes): Bytes =>
		flipped(inner, node * 32 + 31);

/** What a restart with this cache says, and how many trees it builds. */
async function restartWith(cache: ByteCache) {
	const build = vi.spyOn(GroupTree, 'build');
	try {
		const trees = new GroupTrees(cache);
		const [root, path] = [await trees.rootOf(GROUP), await trees.pathOf(GROUP, MEMBER)];
		return { root, path, builds: build.mock.calls.length };
	} finally {
		build.mockRestore();
	}
}

/** Has chance choose a node that is right, so that whoever altered a few others is not found out by it. */
const withoutLuck = () => vi.spyOn(Math, 'random').mockReturnValue(0.5);

afterEach(() => vi.restoreAllMocks());

const RIGHT = { root: ROOT, path: TREE.pathFrom(MEMBER_PLACE) };

describe('a tree that is kept', () => {
	it('is built no more', async () => {
		const cache = await cacheWith((kept) => kept);
		expect(await restartWith(cache)).toEqual({ ...RIGHT, builds: 0 });
	});

	it('is a large one', async () => {
		const cache = memoryByteCache();
		const small = GROUP.slice(1);
		await new GroupTrees(cache).rootOf(small);
		expect(await cache.load(sha256Hash(hashesToBytes(small)))).toBeUndefined();
	});

	it.each<[string, (kept: Bytes) => Bytes]>([
		['is damaged in its nodes', (kept) => flipped(kept, CHECKSUM_LENGTH + 5)],
		['is damaged in its checksum', (kept) => flipped(kept, 3)],
		['is cut short', (kept) => kept.slice(0, -32)],
		['is too long', (kept) => concatBytes(kept, new Uint8Array(32))],
		['is empty', () => new Uint8Array()],
		['is cut short, with a checksum to it', forging((inner) => inner.slice(32))],
		['is too long, with a checksum to it', forging((inner) => concatBytes(inner, new Uint8Array(32)))],
		['has another root', forging(nodeFlipped(TREE.innerSize - 1))],
		['has another node below the root', forging(nodeFlipped(TREE.innerSize - 2))],
		['has another node high up', forging(nodeFlipped(TREE.innerSize - 15))],
		['is that of another group', forging(() => GroupTree.build(hashesToBytes(GROUP.toReversed())).inner.slice())],
		['is hashed in another way', forging((inner) => inner.map((byte) => byte ^ 0x55))],
		['has zeros for nodes', forging((inner) => inner.fill(0))]
	])('is built anew when it %s', async (_, alter) => {
		const cache = await cacheWith(alter);
		expect(await restartWith(cache)).toEqual({ ...RIGHT, builds: 1 });
		// And kept anew.
		expect(await restartWith(cache)).toEqual({ ...RIGHT, builds: 0 });
	});

	it('is built anew when it is kept in the place of another', async () => {
		const cache = await cacheWith((kept) => kept);
		// The two trees have all but ten nodes in common.
		const other = GROUP.with(5, hashOfBigint(9_999n));
		const kept = (await cache.load(DIGEST)) as Bytes;
		const digest = sha256Hash(hashesToBytes(other));
		await cache.save(digest, kept);
		expect(await new GroupTrees(cache).rootOf(other)).toBe(hashOfBigint(GroupTree.build(hashesToBytes(other)).root));
	});

	it('is built anew when a single node is wrong that a path needs', async () => {
		const sibling = (MEMBER_PLACE >> 1) ^ 1;
		const cache = await cacheWith(forging(nodeFlipped(sibling)));
		withoutLuck();
		const trees = new GroupTrees(cache);
		const build = vi.spyOn(GroupTree, 'build');
		// Another member's path does not go by there.
		expect(await trees.pathOf(GROUP, GROUP[0] as Hash)).toEqual(TREE.pathFrom(0));
		expect(build).not.toHaveBeenCalled();
		expect(await trees.pathOf(GROUP, MEMBER)).toEqual(TREE.pathFrom(MEMBER_PLACE));
		expect(await trees.rootOf(GROUP)).toBe(ROOT);
		expect(build).toHaveBeenCalledTimes(1);
		build.mockRestore();
		expect(await restartWith(cache)).toEqual({ ...RIGHT, builds: 0 });
	});

	it('is not built upon for other groups', async () => {
		// The node over the last eight members, from which a tree with one more goes on.
		const cache = await cacheWith(forging(nodeFlipped(500 + 250 + 124)));
		withoutLuck();
		const build = vi.spyOn(GroupTree, 'build');
		const trees = new GroupTrees(cache);
		await trees.rootOf(GROUP);
		expect(build).not.toHaveBeenCalled();
		const grown = [...GROUP, hashOfBigint(9_999n)];
		expect(await trees.rootOf(grown)).toBe(hashOfBigint(GroupTree.build(hashesToBytes(grown)).root));
	});
});
