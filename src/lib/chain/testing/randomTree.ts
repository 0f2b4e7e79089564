import fc from 'fast-check';
import { ZERO_HASH, type BlockHash } from '../../bytes/hash';
import { sha256Hash } from '../../bytes/sha256';
import { utf8 } from '../../bytes/text';
import type { Header } from '../header';
import { HeaderTree, type ChainEntry } from '../tree';

/** A header with the hash that the tests give it: a tree takes hashes from its caller and never computes them. */
export interface HashedHeader {
	readonly hash: BlockHash;
	readonly header: Header;
}

export const EASY = 2n ** 255n;

export function fakeHash(name: string): BlockHash {
	return sha256Hash(utf8(name));
}

export const genesis: HashedHeader = {
	hash: fakeHash('genesis'),
	header: {
		nonce: 0n,
		version: 1,
		height: 0,
		previousHash: ZERO_HASH,
		merkleRoot: ZERO_HASH,
		timestamp: 0,
		target: EASY
	}
};

export function childOf(parent: HashedHeader, name: string, target: bigint = EASY): HashedHeader {
	const { height, timestamp } = parent.header;
	const header = { ...genesis.header, height: height + 1, previousHash: parent.hash, timestamp: timestamp + 1, target };
	return { hash: fakeHash(name), header };
}

/** A chain of `length` headers on top of a parent; their names start with `name`. */
export function chainOn(parent: HashedHeader, length: number, name: string): HashedHeader[] {
	const chain: HashedHeader[] = [];
	for (let i = 0; i < length; i++) chain.push(childOf(chain.at(-1) ?? parent, `${name}${i}`));
	return chain;
}

export function treeOf(headers: readonly HashedHeader[]): HeaderTree {
	const tree = new HeaderTree(genesis.header, genesis.hash);
	for (const { header, hash } of headers) tree.insert(header, hash);
	return tree;
}

export function entryOf(tree: HeaderTree, { hash }: HashedHeader): ChainEntry {
	const entry = tree.get(hash);
	if (!entry) throw new Error(`no entry ${hash}`);
	return entry;
}

/** Headers of a random tree, parents first, genesis left out. Few different targets, so that ties in work are common. */
export const someHeaders: fc.Arbitrary<HashedHeader[]> = fc
	.array(fc.record({ parent: fc.nat(), target: fc.constantFrom(EASY, EASY / 2n, EASY / 3n) }), {
		minLength: 1,
		maxLength: 40
	})
	.map((picks) => {
		const all = [genesis];
		for (const [i, { parent, target }] of picks.entries()) {
			all.push(childOf(all[parent % all.length]!, `random${i}`, target));
		}
		return all.slice(1);
	});
