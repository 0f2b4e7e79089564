export const PROOF_DEPTHS = [10, 16, 20] as const;

/** Depth of the Semaphore circuit, that is of the Merkle tree of the group. */
export type ProofDepth = (typeof PROOF_DEPTHS)[number];

/**
 * The smallest circuit whose tree has a leaf for everybody on the roll. Depths are few because each needs its own
 * artifacts. Undefined when no circuit is large enough.
 */
export function proofDepthFor(rollSize: number): ProofDepth | undefined {
	return PROOF_DEPTHS.find((depth) => rollSize <= 2 ** depth);
}
