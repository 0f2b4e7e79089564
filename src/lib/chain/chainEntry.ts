import type { BlockHash } from '../bytes/hash';
import type { Header } from './header';

/** A header and its place in the tree of all known headers. Compared by identity: a tree holds one for each hash. */
export interface ChainEntry {
	readonly hash: BlockHash;
	readonly header: Header;
	/** Undefined only for the genesis. */
	readonly parent: ChainEntry | undefined;
	/** Sum of the work of all headers from the one after the genesis up to this one; the genesis counts 0. */
	readonly work: bigint;
	/** Order of arrival on this node: of branches with equal work, the one received first stays. */
	readonly arrival: number;
	/**
	 * Whether something outside of this folder has declared the branch up to here final: such a branch outranks every other,
	 * whatever its work. {@link HeaderTree.finalise} sets it; all descendants of a final entry are final.
	 */
	isFinal: boolean;
}

/** The parent's header, which the difficulty rule calls grandparent when `entry` is the parent of a new header. */
export function grandparentOf(entry: ChainEntry): Header | undefined {
	return entry.parent?.header;
}
