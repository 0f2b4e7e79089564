import type { BlockHash } from '../bytes/hash';
import { checkHeader } from './checkHeader';
import type { DifficultyRules } from './difficulty';
import type { Header } from './header';
import { workOf } from './work';

/**
 * The last header of a chain, with as much of that chain as the next header is checked against. Every entry of a tree is
 * one; another stands for a chain that is not kept.
 */
export interface ChainEnd {
	readonly hash: BlockHash;
	readonly header: Header;
	/** Sum of the work of all headers after the genesis. */
	readonly work: bigint;
	/** Undefined only for the genesis. */
	readonly parent: { readonly header: Header } | undefined;
}

/** A header with its work hash. */
export interface HashedHeader {
	readonly header: Header;
	readonly hash: BlockHash;
}

/**
 * Checks a header by every rule that needs no body.
 * @throws PollenError the codes of {@link checkHeader}
 */
export function checkNext(end: ChainEnd, { header, hash }: HashedHeader, rules: DifficultyRules, now: number): void {
	checkHeader({
		header,
		hash,
		parent: end.header,
		parentHash: end.hash,
		grandparent: end.parent?.header,
		rules,
		now
	});
}

/** The chain with one more header, which holds. Of what lies below, only the parent is kept. */
export function extended(end: ChainEnd, { header, hash }: HashedHeader): ChainEnd {
	return { hash, header, work: end.work + workOf(header.target), parent: { header: end.header } };
}
