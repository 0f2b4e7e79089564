import { Group } from '@semaphore-protocol/group';
import type { Hash } from '../../src/lib/bytes/hash';
import { sha256Hash } from '../../src/lib/bytes/sha256';
import { utf8 } from '../../src/lib/bytes/text';
import { memoryByteCache } from '../../src/lib/proofs/byteCache';
import { bigintOfHash, hashOfBigint } from '../../src/lib/proofs/fieldElement';
import { GroupTrees } from '../../src/lib/proofs/groupTrees';
import type { BenchRow } from './row';

const MEMBERS = 65_536;
const QUICK_MEMBERS = 4_096;
/** Ours and theirs alternate and the best of each counts: what else the machine does only makes it slower. */
const ROUNDS = 2;

/**
 * The root of a group as a groups worker finds it, from commitments in hex to the root in hex: hashed, against
 * @semaphore-protocol/group, and from a tree that was kept, against hashing. The cache is one in memory; the browser's adds the
 * time that it takes to read 32 bytes a member.
 */
export async function benchGroup(isQuick: boolean): Promise<BenchRow[]> {
	const commitments = membersOf(isQuick ? QUICK_MEMBERS : MEMBERS);
	const cache = memoryByteCache();
	const expected = await new GroupTrees(cache).rootOf(commitments);
	const check = (root: Hash): void => {
		if (root !== expected) throw new Error('the group has two roots');
	};
	let [theirs, built, kept] = [Infinity, Infinity, Infinity];
	for (let round = 0; round < ROUNDS; round++) {
		theirs = Math.min(theirs, await timed(() => hashOfBigint(new Group(commitments.map(bigintOfHash)).root), check));
		built = Math.min(built, await timed(() => new GroupTrees().rootOf(commitments), check));
		kept = Math.min(kept, await timed(() => new GroupTrees(cache).rootOf(commitments), check));
	}
	const count = commitments.length.toLocaleString('en');
	const row = (name: string, ours: number, other: number): BenchRow => ({
		name,
		ours,
		theirs: other,
		ratio: other / ours,
		unit: 'ms'
	});
	return [
		row(`hashing a group of ${count}, against @semaphore-protocol/group`, built, theirs),
		row(`opening a kept group of ${count}, checks included, against hashing it`, kept, built)
	];
}

function membersOf(count: number): Hash[] {
	return Array.from({ length: count }, (_, member) => {
		const hash = sha256Hash(utf8(`member ${member}`));
		// Below the order of the field.
		return `0${hash.slice(1)}` as Hash;
	});
}

async function timed(find: () => Hash | Promise<Hash>, check: (root: Hash) => void): Promise<number> {
	const start = performance.now();
	const root = await find();
	const duration = performance.now() - start;
	check(root);
	return duration;
}
