import { bytesToHex } from '../../src/lib/bytes/hex';
import { ballotMessage } from '../../src/lib/election/ballotMessage';
import { credentialKeyOf } from '../../src/lib/election/codeKeys';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import { benchElection } from './benchElection';
import type { KeptBallot, ProverTask } from './keptBallots';

/**
 * Makes ballots of a bench election with real proofs, one after the other, and tells its parent of each: a process of its
 * own for each core, because a proof keeps a thread busy for a second or two.
 */
process.once('message', (task: ProverTask) => {
	prove(task).then(
		() => process.exit(0),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		}
	);
});

async function prove({ voters, missing }: ProverTask): Promise<void> {
	const { election, electionId, codes, group } = benchElection(voters);
	const proofs = inlineProofs(nodeArtifacts)({ scope: electionId, depth: election.proofDepth });
	for (const voter of missing) {
		const choices = [voter % 3];
		const { nullifier, proof } = await proofs.prove(
			credentialKeyOf(codes[voter]!),
			group,
			ballotMessage(electionId, choices)
		);
		const ballot: KeptBallot = { voter, nullifier, choices, proof: bytesToHex(proof) };
		await new Promise((resolve) => process.send!(ballot, resolve));
	}
}
