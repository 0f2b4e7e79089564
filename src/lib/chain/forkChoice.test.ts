import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../bytes/testing/refusalOf';
import type { ChainEntry } from './chainEntry';
import { isBetter, pathBetween } from './forkChoice';
import { chainOn, childOf, EASY, entryOf, genesis, someHeaders, treeOf } from './testing/randomTree';

describe('isBetter', () => {
	it('goes by work, then by arrival', () => {
		const early = childOf(genesis, 'early');
		const late = childOf(genesis, 'late');
		const hard = childOf(genesis, 'hard', EASY / 2n);
		const tree = treeOf([early, late, hard]);
		const [e, l, h] = [early, late, hard].map((hashed) => entryOf(tree, hashed)) as [
			ChainEntry,
			ChainEntry,
			ChainEntry
		];
		expect(isBetter(h, e)).toBe(true);
		expect(isBetter(e, h)).toBe(false);
		expect(isBetter(e, l)).toBe(true);
		expect(isBetter(l, e)).toBe(false);
	});

	it('puts final before all else', () => {
		const hard = childOf(genesis, 'hard', EASY / 2n);
		const late = childOf(genesis, 'late');
		const tree = treeOf([hard, late]);
		const [h, l] = [hard, late].map((hashed) => entryOf(tree, hashed)) as [ChainEntry, ChainEntry];
		tree.finalise(l);
		expect(isBetter(l, h)).toBe(true);
		expect(isBetter(h, l)).toBe(false);
		tree.finalise(h);
		expect(isBetter(h, l)).toBe(true);
	});

	it('is a strict order: of two different entries exactly one is better, and of three it is no circle', () => {
		fc.assert(
			fc.property(someHeaders, fc.array(fc.nat(), { maxLength: 3 }), (headers, finals) => {
				const tree = treeOf(headers);
				for (const final of finals) tree.finalise(entryOf(tree, headers[final % headers.length]!));
				const entries = [...tree.entries()];
				for (const a of entries) {
					for (const b of entries) {
						expect(isBetter(a, b) || isBetter(b, a)).toBe(a !== b);
						expect(isBetter(a, b) && isBetter(b, a)).toBe(false);
					}
				}
				const ranked = entries.toSorted((a, b) => (isBetter(a, b) ? -1 : 1));
				for (const [i, a] of ranked.entries()) for (const b of ranked.slice(i + 1)) expect(isBetter(a, b)).toBe(true);
			})
		);
	});
});

describe('pathBetween', () => {
	it('leads from one tip over the fork to the other', () => {
		const trunk = chainOn(genesis, 2, 'trunk');
		const left = chainOn(trunk[1]!, 3, 'left');
		const right = chainOn(trunk[1]!, 1, 'right');
		const tree = treeOf([...trunk, ...left, ...right]);
		const { disconnect, connect } = pathBetween(entryOf(tree, left[2]!), entryOf(tree, right[0]!));
		expect(disconnect.map(({ hash }) => hash)).toEqual([left[2]!.hash, left[1]!.hash, left[0]!.hash]);
		expect(connect.map(({ hash }) => hash)).toEqual([right[0]!.hash]);
	});

	it('takes off down to the last common entry, and puts on from there', () => {
		fc.assert(
			fc.property(someHeaders, fc.nat(), fc.nat(), (headers, one, two) => {
				const entries = [...treeOf(headers).entries()];
				const from = entries[one % entries.length]!;
				const to = entries[two % entries.length]!;
				const { disconnect, connect } = pathBetween(from, to);
				let at: ChainEntry | undefined = from;
				for (const entry of disconnect) {
					expect(entry).toBe(at);
					at = entry.parent;
				}
				for (const entry of connect) {
					expect(entry.parent).toBe(at);
					at = entry;
				}
				expect(at).toBe(to);
				const seen = new Set(disconnect);
				expect(connect.some((entry) => seen.has(entry))).toBe(false);
				expect(pathBetween(to, from)).toEqual({
					disconnect: connect.toReversed(),
					connect: disconnect.toReversed()
				});
			})
		);
	});

	it('is empty from an entry to itself', () => {
		const { genesis: entry } = treeOf([]);
		expect(pathBetween(entry, entry)).toEqual({ disconnect: [], connect: [] });
	});

	it('refuses entries of different trees', () => {
		const chain = chainOn(genesis, 2, 'a');
		const one = entryOf(treeOf(chain), chain[1]!);
		const two = entryOf(treeOf(chain), chain[1]!);
		expect(refusalOf(() => pathBetween(one, two))).toBe('unknown-parent');
	});
});
