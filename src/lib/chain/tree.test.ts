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
		expect(tree.genesis).toEqual({ ...genesis, parent: undefined, work: 0n, arrival: 0, isFinal: false });
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

describe('finalise', () => {
	/** What the flag means: the entry or one below it was declared final. */
	const isOnFinal = (entry: ChainEntry, roots: readonly ChainEntry[]) => roots.some((root) => isWithin(entry, root));

	it('puts a branch above all others, whatever their work', () => {
		const short = chainOn(genesis, 1, 'short');
		const long = chainOn(genesis, 9, 'long');
		const tree = treeOf([...long, ...short]);
		expect(tree.best.hash).toBe(long[8]!.hash);
		tree.finalise(entryOf(tree, short[0]!));
		expect(tree.best.hash).toBe(short[0]!.hash);
		const harder = childOf(long[8]!, 'harder', EASY / 1_000n);
		expect(tree.insert(harder.header, harder.hash).isFinal).toBe(false);
		expect(tree.best.hash).toBe(short[0]!.hash);
	});

	it('holds for what builds on it, before and after', () => {
		const trunk = chainOn(genesis, 2, 'trunk');
		const before = chainOn(trunk[0]!, 2, 'before');
		const tree = treeOf([...trunk, ...before]);
		tree.finalise(entryOf(tree, trunk[0]!));
		expect([...tree.entries()].map(({ isFinal }) => isFinal)).toEqual([false, true, true, true, true]);
		const after = chainOn(before[1]!, 2, 'after');
		for (const { header, hash } of after) expect(tree.insert(header, hash).isFinal).toBe(true);
		expect(tree.best.hash).toBe(after[1]!.hash);
	});

	it('says nothing about what it builds on, nor about siblings', () => {
		const chain = chainOn(genesis, 3, 'a');
		const sibling = childOf(chain[1]!, 'sibling');
		const tree = treeOf([...chain, sibling]);
		tree.finalise(entryOf(tree, chain[2]!));
		for (const hashed of [genesis, chain[0]!, chain[1]!, sibling]) expect(entryOf(tree, hashed).isFinal).toBe(false);
	});

	it('can come twice, and on two branches: then work decides again, then arrival', () => {
		const [early, late] = [chainOn(genesis, 2, 'early'), chainOn(genesis, 2, 'late')];
		const tree = treeOf([...early, ...late, ...chainOn(genesis, 5, 'open')]);
		tree.finalise(entryOf(tree, late[0]!));
		tree.finalise(entryOf(tree, late[0]!));
		tree.finalise(entryOf(tree, late[1]!));
		expect(tree.best.hash).toBe(late[1]!.hash);
		tree.finalise(entryOf(tree, early[1]!));
		expect(tree.best.hash).toBe(early[1]!.hash);
		const more = childOf(late[1]!, 'more');
		tree.insert(more.header, more.hash);
		expect(tree.best.hash).toBe(more.hash);
	});

	it('can be the genesis: then it tells nothing apart', () => {
		fc.assert(
			fc.property(someHeaders, (headers) => {
				const tree = treeOf(headers);
				const { best } = tree;
				tree.finalise(tree.genesis);
				expect(tree.best).toBe(best);
				expect([...tree.entries()].every(({ isFinal }) => isFinal)).toBe(true);
			})
		);
	});

	it('ends with the branch when it is found invalid', () => {
		const chain = chainOn(genesis, 2, 'final');
		const other = chainOn(genesis, 4, 'other');
		const tree = treeOf([...chain, ...other]);
		tree.finalise(entryOf(tree, chain[0]!));
		tree.invalidate(chain[1]!.hash);
		expect(tree.best.hash).toBe(chain[0]!.hash);
		tree.invalidate(chain[0]!.hash);
		expect(tree.best.hash).toBe(other[3]!.hash);
		expect([...tree.entries()].some(({ isFinal }) => isFinal)).toBe(false);
	});

	it('gives the same tree whenever it comes among insertions', () => {
		fc.assert(
			fc.property(someHeaders, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }), (headers, picks) => {
				const finals = picks.map(([pick, delay]) => {
					const at = pick % headers.length;
					return { hashed: headers[at]!, after: at + (delay % (headers.length - at)) };
				});
				const tree = treeOf([]);
				for (const [i, { header, hash }] of headers.entries()) {
					tree.insert(header, hash);
					for (const { hashed, after } of finals) if (after === i) tree.finalise(entryOf(tree, hashed));
				}
				const later = treeOf(headers);
				for (const { hashed } of finals) later.finalise(entryOf(later, hashed));
				expect([...tree.entries()]).toEqual([...later.entries()]);
				expect(tree.best).toEqual(later.best);

				const roots = finals.map(({ hashed }) => entryOf(tree, hashed));
				const ranked = [...tree.entries()].filter((entry) => roots.length === 0 || isOnFinal(entry, roots));
				for (const entry of tree.entries()) {
					expect(entry.isFinal).toBe(isOnFinal(entry, roots));
					expect(isBetter(entry, tree.best)).toBe(false);
				}
				const most = ranked.reduce((work, entry) => (entry.work > work ? entry.work : work), 0n);
				expect(tree.best.work).toBe(most);
				expect(ranked).toContain(tree.best);
			})
		);
	});

	it('leaves the tree as if an invalid branch had never come', () => {
		fc.assert(
			fc.property(someHeaders, fc.nat(), fc.array(fc.nat(), { maxLength: 3 }), (headers, pick, picks) => {
				const tree = treeOf(headers);
				const finals = picks.map((final) => headers[final % headers.length]!);
				for (const hashed of finals) tree.finalise(entryOf(tree, hashed));
				const removed = new Set(tree.invalidate(headers[pick % headers.length]!.hash).map(({ hash }) => hash));
				const other = treeOf([]);
				for (const [i, { header, hash }] of headers.entries()) {
					if (!removed.has(hash)) other.insert(header, hash, i + 1);
				}
				for (const hashed of finals) if (!removed.has(hashed.hash)) other.finalise(entryOf(other, hashed));
				expect([...tree.entries()]).toEqual([...other.entries()]);
				expect(tree.best).toEqual(other.best);
			})
		);
	});

	it('reaches the end of a branch that is deeper than a call stack', () => {
		const chain = chainOn(genesis, 20_000, 'deep');
		const tree = treeOf(chain);
		tree.finalise(entryOf(tree, chain[0]!));
		expect(entryOf(tree, chain.at(-1)!).isFinal).toBe(true);
	});
});
