import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBetter } from '../chain/forkChoice';
import { chainOn, childOf, entryOf, genesis, someHeaders, treeOf } from '../chain/testing/randomTree';
import type { ChainEntry, HeaderTree } from '../chain/tree';
import { BodyIndex } from './bodyIndex';

function indexOf(tree: HeaderTree, entries: readonly ChainEntry[]): BodyIndex {
	const index = new BodyIndex(tree.genesis);
	for (const entry of entries) index.add(entry);
	return index;
}

/** What the index must say, worked out from the set of entries with a body. */
function expected(tree: HeaderTree, held: ReadonlySet<ChainEntry>) {
	const complete = new Set([tree.genesis]);
	for (const entry of tree.entries())
		if (entry.parent && complete.has(entry.parent) && held.has(entry)) complete.add(entry);
	const best = [...complete].reduce((best, entry) => (isBetter(entry, best) ? entry : best));
	return { complete, best };
}

function expectRight(index: BodyIndex, tree: HeaderTree, held: ReadonlySet<ChainEntry>): void {
	const { complete, best } = expected(tree, held);
	for (const entry of tree.entries()) {
		expect(index.has(entry)).toBe(entry === tree.genesis || held.has(entry));
		expect(index.isComplete(entry)).toBe(complete.has(entry));
	}
	expect(index.best).toBe(best);
}

describe('bodies', () => {
	const chain = chainOn(genesis, 3, 'a');
	const tree = treeOf([...chain, childOf(genesis, 'b')]);
	const [a0, a1, a2] = chain.map((hashed) => entryOf(tree, hashed)) as [ChainEntry, ChainEntry, ChainEntry];

	it('are complete once all ancestors have one, in whatever order they come', () => {
		const index = indexOf(tree, [a2, a1]);
		expect(index.has(a2)).toBe(true);
		expect(index.isComplete(a2)).toBe(false);
		expect(index.best).toBe(tree.genesis);
		index.add(a0);
		expect(index.isComplete(a2)).toBe(true);
		expect(index.best).toBe(a2);
	});

	it('that build on a removed one stay, but wait for it again', () => {
		const index = indexOf(tree, [a0, a1, a2]);
		index.remove([a0]);
		expectRight(index, tree, new Set([a1, a2]));
		index.add(a0);
		expectRight(index, tree, new Set([a0, a1, a2]));
	});

	it('are right after any additions and removals', () => {
		const steps = fc.array(fc.record({ pick: fc.nat(), removed: fc.boolean() }), { maxLength: 60 });
		fc.assert(
			fc.property(someHeaders, steps, (headers, moves) => {
				const tree = treeOf(headers);
				const entries = [...tree.entries()].slice(1);
				const index = indexOf(tree, []);
				const held = new Set<ChainEntry>();
				for (const { pick, removed } of moves) {
					const entry = entries[pick % entries.length] as ChainEntry;
					if (removed) index.remove([entry]);
					else index.add(entry);
					if (removed) held.delete(entry);
					else held.add(entry);
				}
				expectRight(index, tree, held);
			})
		);
	});
});
