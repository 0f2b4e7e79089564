import { describe, expect, it } from 'vitest';
import type { ElectionId, Hash, Nullifier } from '../../src/lib/bytes/hash';
import { hexToBytes } from '../../src/lib/bytes/hex';
import { ballotMessage } from '../../src/lib/election/ballotMessage';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import golden from './proof.json';
import vectors from './foreign-proof.json';

/** The browser tests send these ballots to a node of the demo election, and expect that it refuses their proofs. */
describe('the ballots that were proved for something else', () => {
	const { otherElection, otherGroup } = vectors;

	it.each([
		['another election', otherElection],
		['another group', otherGroup]
	])('hold in %s, and not in the demo election', async (_, { scope, commitments, choices, nullifier, proof }) => {
		const message = (election: string) => ballotMessage(election as ElectionId, choices);
		const verdicts = async (context: { scope: string; commitments: string[] }) => {
			const proofs = inlineProofs(nodeArtifacts)({ scope: context.scope as Hash, depth: vectors.depth });
			const groupRoot = await proofs.groupRootOf(context.commitments as Hash[]);
			return await proofs.verify(
				[context.scope, scope].map((election) => ({
					groupRoot,
					nullifier: nullifier as Nullifier,
					message: message(election),
					proof: hexToBytes(proof)
				}))
			);
		};
		expect(await verdicts({ scope, commitments })).toEqual([true, true]);
		expect(await verdicts(golden)).toEqual([false, false]);
	});
});
