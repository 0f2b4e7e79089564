import type { Nullifier } from '../bytes/hash';
import type { BallotView } from '../node/api';

/** Where a ballot is on its way into the chain, as far as this node knows. */
export type Whereabouts =
	{ readonly at: 'pending' } | { readonly at: 'recorded'; readonly height: number; readonly depth: number };

/** A ballot this deep is as good as settled: the node stops mining for it (design, section 8). */
export const SETTLED_DEPTH = 6;

/** `depth` counts the block that holds the ballot: it is 1 in the tip. */
export function locateBallot(nullifier: Nullifier, ballots: readonly BallotView[], tipHeight: number): Whereabouts {
	const recorded = ballots.findLast((ballot) => ballot.nullifier === nullifier);
	if (recorded === undefined) return { at: 'pending' };
	return { at: 'recorded', height: recorded.height, depth: tipHeight - recorded.height + 1 };
}
