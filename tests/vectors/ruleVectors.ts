import type { ErrorCode } from '../../src/lib/errors/pollenError';

/** What is judged: the header's own rules, the block as such, or a transaction of a kind. */
export type RuleSubject = 'header' | 'block' | 'enrolment' | 'opening' | 'ballot' | 'closing';

/** A block offered to a node that holds a chain, and what it must say. Blocks are encodings in hex. */
export interface RuleCase {
	readonly subject: RuleSubject;
	readonly name: string;
	/** Name of one of {@link RuleVectors.elections}. */
	readonly election: string;
	/** Names of blocks that the node was given before and took, from the child of the genesis upwards. */
	readonly chain: readonly string[];
	/** A block that it was given after them, and refused for a reason of its own. */
	readonly refusedBefore?: string;
	/** The node's clock, ms since the epoch. */
	readonly now: number;
	readonly block: string;
	/** The block is followed by so many zero bytes that it has this length. */
	readonly paddedTo?: number;
	/** Null when the block is taken. */
	readonly code: ErrorCode | null;
}

/** Blocks given to a node in this order, and the tip that it must end on. */
export interface ForkCase {
	readonly name: string;
	readonly election: string;
	readonly now: number;
	readonly order: readonly string[];
	readonly tip: string;
}

/** `rules.json`: every rule of the chain with something that keeps it and something that breaks nothing else. */
export interface RuleVectors {
	readonly description: string;
	/** Canonical definitions as text, and the IDs that follow from them. */
	readonly elections: Readonly<Record<string, { readonly definition: string; readonly electionId: string }>>;
	readonly blocks: Readonly<Record<string, string>>;
	readonly cases: readonly RuleCase[];
	readonly forks: readonly ForkCase[];
}
