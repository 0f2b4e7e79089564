import { Group } from '@semaphore-protocol/group';
import { describe, expect, it, vi } from 'vitest';
import type { Hash } from '../bytes/hash';
import { hashesToBytes } from '../bytes/hex';
import { memoryByteCache } from './byteCache';
import { bigintOfHash, hashOfBigint } from './fieldElement';
import { GroupTree } from './group';
import { GroupTrees } from './groupTrees';

const members = (count: number): Hash[] => Array.from({ length: count }, (_, index) => hashOfBigint(BigInt(index + 1)));
const rootOf = (commitments: readonly Hash[]): Hash => hashOfBigint(new Group(commitments.map(bigintOfHash)).root);

/** How many trees are built meanwhile. */
async function buildsIn(work: () => Promise<unknown>): Promise<number> {
	const build = vi.spyOn(GroupTree, 'build');
	try {
		await work();
		return build.mock.calls.length;
	} finally {
		build.mockRestore();
	}
}

describe('GroupTrees', () => {
	it('knows roots and paths', async () => {
		const trees = new GroupTrees();
		expect(await trees.rootOf(members(7))).toBe(rootOf(members(7)));
		expect(await trees.pathOf(members(7), hashOfBigint(3n))).toEqual(
			GroupTree.build(hashesToBytes(members(7))).pathFrom(2)
		);
		expect(await trees.pathOf(members(7), hashOfBigint(8n))).toBeUndefined();
		await expect(trees.rootOf(['x' as Hash])).rejects.toMatchObject({ code: 'worker-failed' });
	});

	it('builds a tree once for all that ask, at a time or later', async () => {
		const trees = new GroupTrees(memoryByteCache());
		const asking = () =>
			Promise.all([trees.rootOf(members(3)), trees.pathOf(members(3), hashOfBigint(1n)), trees.rootOf(members(3))]);
		expect(await buildsIn(asking)).toBe(1);
		expect(await buildsIn(asking)).toBe(0);
	});

	it('tries again what failed', async () => {
		const trees = new GroupTrees();
		const build = vi.spyOn(GroupTree, 'build').mockImplementationOnce(() => {
			throw new RangeError('out of memory');
		});
		await expect(trees.rootOf(members(3))).rejects.toMatchObject({ code: 'worker-failed' });
		expect(await trees.rootOf(members(3))).toBe(rootOf(members(3)));
		build.mockRestore();
	});

	it('forgets what was asked about longest ago', async () => {
		const trees = new GroupTrees();
		const ask = (count: number) => trees.rootOf(members(count));
		expect(await buildsIn(() => Promise.all([ask(3), ask(4), ask(3), ask(5)]))).toBe(3);
		expect(await buildsIn(() => Promise.all([ask(3), ask(5)]))).toBe(0);
		expect(await buildsIn(() => ask(4))).toBe(1);
		expect(await ask(4)).toBe(rootOf(members(4)));
	});

	it('tells groups apart by every commitment and by their order', async () => {
		const trees = new GroupTrees();
		const groups = [members(3), members(3).toReversed(), members(3).with(1, hashOfBigint(9n)), members(2)];
		const roots = await Promise.all(groups.map((group) => trees.rootOf(group)));
		expect(roots).toEqual(groups.map(rootOf));
		expect(new Set(roots).size).toBe(groups.length);
	});
});
