import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZERO_HASH } from '../bytes/hash';
import { refusalOf } from '../bytes/testing/refusalOf';
import { isBetter } from './forkChoice';
import { MAX_INVALID_HASHES } from './invalidHashes';
import {
	chainOn,
	childOf,
	EASY,
	entryOf,
	fakeHash,
	genesis,
	someHeaders,
	treeOf,
	type HashedHeader
} from './testing/randomTree';
import { HeaderTree, type ChainEntry } from './tree';
import { workOf } from './work';

/** The headers in an order given by random keys, each as soon as its parent is there. */
function parentsFirst(headers: readonly HashedHeader[], keys: readonly number[]): HashedHeader[] {
	const keyed = headers.map((header, i) => ({ header, key: keys[i % keys.length]! * (i + 7) }));
	const waiting = keyed.sort((a, b) => (a.key % 1009) - (b.key % 1009)).map(({ header }) => header);
	const known = new Set([genesis.hash]);
	const ordered: HashedHeader[] = [];
	while (waiting.length > 0) {
		const next = waiting.findIndex(({ header }) => known.has(header.previousHash));
		const [header] = waiting.splice(next, 1);
		known.add(header!.hash);
		ordered.push(header!);
	}
	return ordered;
}

const isWithin = (entry: ChainEntry | undefined, root: ChainEntry): boolean =>
	entry !== undefined && (entry.hash === root.hash || isWithin(entry.parent, root));

describe('HeaderTree', () => {
	it('starts with the genesis, whose own work does not count', () => {
		const tree = new HeaderTree(genesis.header, genesis.hash);
		expect(tree.genesis).toEqual({ ...genesis, parent: undefined, work: 0n, arrival: 0 });
		expect(tree.size).toBe(1);
		expect(tree.best).toBe(tree.genesis);
		expect(tree.get(genesis.hash)).toBe(tree.genesis);
		expect(tree.tips()).toEqual([tree.genesis]);
		expect(refusalOf(() => new HeaderTree({ ...genesis.header, height: 1 }, genesis.hash))).toBe('bad-height');
	});

	it('links each entry to its parent and adds up work', () => {
		fc.assert(
			fc.property(someHeaders, (headers) => {
				const tree = treeOf(headers);
				expect(tree.size).toBe(headers.length + 1);
				for (const hashed of headers) {
					const entry = entryOf(tree, hashed);
					expect(entry.header).toBe(hashed.header);
					expect(entry.parent?.hash).toBe(hashed.header.previousHash);
					expect(entry.work).toBe(entry.parent!.work + workOf(hashed.header.target));
				}
			})
		);
	});

	it('has the same best entry in whatever order headers come, given their arrivals', () => {
		const keys = fc.array(fc.nat(), { minLength: 1 });
		fc.assert(
			fc.property(someHeaders, keys, keys, (headers, one, two) => {
				const arrivals = new Map(headers.map(({ hash }, i) => [hash, i + 1]));
				const build = (order: readonly HashedHeader[]) => {
					const tree = new HeaderTree(genesis.header, genesis.hash);
					for (const { header, hash } of order) tree.insert(header, hash, arrivals.get(hash));
					return tree;
				};
				const best = build(headers).best;
				expect(build(parentsFirst(headers, one)).best).toEqual(best);
				expect(build(parentsFirst(headers, two)).best).toEqual(best);
			})
		);
	});

	it('has the same most work in whatever order headers come, and keeps the first of equals', () => {
		fc.assert(
			fc.property(someHeaders, fc.array(fc.nat(), { minLength: 1 }), (headers, keys) => {
				const ordered = parentsFirst(headers, keys);
				const tree = treeOf(ordered);
				expect(tree.best.work).toBe(treeOf(headers).best.work);
				const first = ordered.find((hashed) => entryOf(tree, hashed).work === tree.best.work);
				expect(tree.best.hash).toBe(first!.hash);
			})
		);
	});

	it('prefers work to height', () => {
		const hard = childOf(genesis, 'hard', EASY / 16n);
		const long = chainOn(genesis, 5, 'long');
		expect(treeOf([hard, ...long]).best.hash).toBe(hard.hash);
		expect(treeOf([...long, hard]).best.hash).toBe(hard.hash);
	});

	it('gives a known hash as it stands', () => {
		const header = childOf(genesis, 'a');
		const tree = treeOf([header]);
		const entry = entryOf(tree, header);
		expect(tree.insert(header.header, header.hash, 99)).toBe(entry);
		expect(entry.arrival).toBe(1);
		expect(tree.size).toBe(2);
	});

	it('counts arrivals on from the largest', () => {
		const [a, b, c] = chainOn(genesis, 3, 'a') as [HashedHeader, HashedHeader, HashedHeader];
		const tree = treeOf([]);
		expect(tree.insert(a.header, a.hash, 41).arrival).toBe(41);
		expect(tree.insert(b.header, b.hash, 7).arrival).toBe(7);
		expect(tree.insert(c.header, c.hash).arrival).toBe(42);
	});

	it('refuses what does not fit, and stays as it was', () => {
		const tree = treeOf(chainOn(genesis, 2, 'a'));
		const best = tree.best;
		const insert = (change: object) => () => tree.insert({ ...childOf(best, 'x').header, ...change }, fakeHash('x'));
		expect(refusalOf(insert({ previousHash: ZERO_HASH }))).toBe('unknown-parent');
		expect(refusalOf(insert({ height: 2 }))).toBe('bad-height');
		expect(refusalOf(insert({ target: 2n ** 256n }))).toBe('bad-target');
		expect(tree.size).toBe(3);
		expect(tree.tips()).toEqual([best]);
		expect(refusalOf(insert({}))).toBeUndefined();
	});

	it('lists entries parents first, and the ends of all branches', () => {
		fc.assert(
			fc.property(someHeaders, (headers) => {
				const tree = treeOf(headers);
				const seen = new Set<ChainEntry | undefined>([undefined]);
				for (const entry of tree.entries()) {
					expect(seen.has(entry.parent)).toBe(true);
					seen.add(entry);
				}
				const parents = new Set(headers.map(({ header }) => header.previousHash));
				const ends = headers.filter(({ hash }) => !parents.has(hash));
				expect(tree.tips().map(({ hash }) => hash)).toEqual(ends.map(({ hash }) => hash));
			})
		);
	});
});

describe('invalidate', () => {
	it('removes the entry and all its descendants, and nothing else', () => {
		fc.assert(
			fc.property(someHeaders, fc.nat(), (headers, pick) => {
				const tree = treeOf(headers);
				const before = [...tree.entries()];
				const root = entryOf(tree, headers[pick % headers.length]!);
				const removed = tree.invalidate(root.hash);
				expect(removed[0]).toBe(root);
				expect(new Set(removed)).toEqual(new Set(before.filter((entry) => isWithin(entry, root))));
				expect(tree.size).toBe(before.length - removed.length);
				for (const entry of before) {
					expect(tree.has(entry.hash)).toBe(!isWithin(entry, root));
					expect(tree.isInvalid(entry.hash)).toBe(isWithin(entry, root));
				}
			})
		);
	});

	it('leaves the tree as if the branch had never come', () => {
		fc.assert(
			fc.property(someHeaders, fc.nat(), (headers, pick) => {
				const tree = treeOf(headers);
				const removed = new Set(tree.invalidate(headers[pick % headers.length]!.hash).map(({ hash }) => hash));
				const other = treeOf([]);
				for (const [i, { header, hash }] of headers.entries()) {
					if (!removed.has(hash)) other.insert(header, hash, i + 1);
				}
				expect([...tree.entries()]).toEqual([...other.entries()]);
				expect(tree.best).toEqual(other.best);
				expect(tree.tips()).toEqual(other.tips());
				for (const entry of tree.entries()) expect(isBetter(entry, tree.best)).toBe(false);
			})
		);
	});

	it('gives parents before children', () => {
		const chain = chainOn(genesis, 3, 'a');
		const removed = treeOf(chain).invalidate(chain[0]!.hash);
		expect(removed.map(({ hash }) => hash)).toEqual(chain.map(({ hash }) => hash));
	});

	it('does not take the branch in again', () => {
		const chain = chainOn(genesis, 3, 'a');
		const tree = treeOf(chain);
		tree.invalidate(chain[1]!.hash);
		for (const { header, hash } of chain.slice(1)) {
			expect(refusalOf(() => tree.insert(header, hash))).toBe('invalid-parent');
		}
		const sibling = childOf(chain[0]!, 'sibling');
		expect(tree.insert(sibling.header, sibling.hash)).toBe(tree.best);
	});

	it('refuses children of invalid headers without remembering them', () => {
		const [a] = chainOn(genesis, 1, 'a') as [HashedHeader];
		const tree = treeOf([a]);
		tree.invalidate(a.hash);
		const child = childOf(a, 'child');
		expect(refusalOf(() => tree.insert(child.header, child.hash))).toBe('invalid-parent');
		expect(tree.isInvalid(child.hash)).toBe(false);
	});

	it('remembers a hash that has not come yet', () => {
		const a = childOf(genesis, 'a');
		const tree = treeOf([]);
		expect(tree.invalidate(a.hash)).toEqual([]);
		expect(refusalOf(() => tree.insert(a.header, a.hash))).toBe('invalid-parent');
	});

	it('refuses the genesis', () => {
		const tree = treeOf([]);
		expect(refusalOf(() => tree.invalidate(genesis.hash))).toBe('bad-definition');
		expect(tree.isInvalid(genesis.hash)).toBe(false);
	});

	it('forgets the oldest beyond its limit', () => {
		const tree = treeOf([]);
		for (let i = 0; i <= MAX_INVALID_HASHES; i++) tree.invalidate(fakeHash(`invalid${i}`));
		expect(tree.isInvalid(fakeHash('invalid0'))).toBe(false);
		expect(tree.isInvalid(fakeHash('invalid1'))).toBe(true);
		expect(tree.isInvalid(fakeHash(`invalid${MAX_INVALID_HASHES}`))).toBe(true);
	});

	it('remembers the root of a branch that is longer than its memory', () => {
		const chain = chainOn(genesis, MAX_INVALID_HASHES + 1, 'a');
		const tree = treeOf(chain);
		expect(tree.invalidate(chain[0]!.hash)).toHaveLength(chain.length);
		expect(tree.isInvalid(chain[0]!.hash)).toBe(true);
		expect(tree.isInvalid(chain.at(-1)!.hash)).toBe(false);
	});
});
