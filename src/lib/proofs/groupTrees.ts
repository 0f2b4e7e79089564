import type { Hash } from '../bytes/hash';
import { hashesToBytes } from '../bytes/hex';
import { sha256Hash } from '../bytes/sha256';
import { PollenError } from '../errors/pollenError';
import type { ByteCache } from './byteCache';
import { hashOfBigint } from './fieldElement';
import { GroupTree, type MembershipPath } from './group';
import { keepGroup, loadKeptGroup } from './keptGroup';

/** How many trees are held: one group counts in an election, and a reorg at its opening can bring a second. */
const MAX_TREES = 2;

/** The commitments of a group, and a digest that covers all of them and their order. */
interface Group {
	readonly digest: Hash;
	readonly leaves: Uint8Array;
}

interface HeldTree {
	readonly tree: GroupTree;
	/** Whether it comes from the cache: not all of it was checked. */
	readonly isKept: boolean;
}

/** The trees of the groups that were asked about last, so that none is hashed twice, nor for two calls at a time. */
export class GroupTrees {
	/** By the digest of the group; the one that was used longest ago first. */
	readonly #held = new Map<Hash, Promise<HeldTree>>();
	readonly #cache: ByteCache | undefined;
	/** The last that was hashed here. What was kept is never built upon. */
	#built: GroupTree | undefined;

	/** @param cache where large trees outlive this thread */
	constructor(cache?: ByteCache) {
		this.#cache = cache;
	}

	/** Rejects with `worker-failed`, as when these are no commitments. */
	async rootOf(commitments: readonly Hash[]): Promise<Hash> {
		const { tree } = await this.#hold(groupOf(commitments));
		return hashOfBigint(tree.root);
	}

	/** Undefined when the member is not in the group. Rejects like `rootOf`. */
	async pathOf(commitments: readonly Hash[], member: Hash): Promise<MembershipPath | undefined> {
		const group = groupOf(commitments);
		const { tree, isKept } = await this.#hold(group);
		const place = tree.placeOf(member);
		if (place < 0) return undefined;
		if (!isKept || tree.isRightAbove(place)) return tree.pathFrom(place);
		const anew = this.#build(group);
		this.#held.set(group.digest, Promise.resolve(anew));
		return anew.tree.pathFrom(place);
	}

	#hold(group: Group): Promise<HeldTree> {
		const { digest } = group;
		const held = this.#held.get(digest) ?? this.#open(group);
		this.#held.delete(digest);
		this.#held.set(digest, held);
		for (const oldest of this.#held.keys()) {
			if (this.#held.size <= MAX_TREES) break;
			this.#held.delete(oldest);
		}
		// After a failure the next call tries again.
		held.catch(() => this.#held.delete(digest));
		return held;
	}

	async #open(group: Group): Promise<HeldTree> {
		try {
			const kept = this.#cache && (await loadKeptGroup(this.#cache, group.digest, group.leaves));
			return kept ? { tree: kept, isKept: true } : this.#build(group);
		} catch (cause) {
			throw new PollenError('worker-failed', 'the group cannot be hashed here', { cause });
		}
	}

	#build({ digest, leaves }: Group): HeldTree {
		const tree = GroupTree.build(leaves, this.#built);
		this.#built = tree;
		if (this.#cache) void keepGroup(this.#cache, digest, tree);
		return { tree, isKept: false };
	}
}

function groupOf(commitments: readonly Hash[]): Group {
	try {
		const leaves = hashesToBytes(commitments);
		return { digest: sha256Hash(leaves), leaves };
	} catch (cause) {
		throw new PollenError('worker-failed', 'these commitments make no group', { cause });
	}
}
