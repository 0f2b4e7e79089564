import type { ElectionId, Hash, TransactionId } from '../../bytes/hash';
import { ballotMessage } from '../../election/ballotMessage';
import type { ProofStatement } from '../../proofs/port';
import type { CheckRun } from '../checkRun';
import { inBatches } from '../inBatches';
import { ensure, problemOf } from '../problem';
import type { CheckingTools, Placed } from './checkSignatures';

/**
 * Each ballot is proven to come from a member of the group. Resolves with the IDs of those that are.
 * @param groupRoot of the frozen group; undefined when there is none, and so nobody who could have cast a ballot
 */
export async function checkProofs(
	run: CheckRun,
	ballots: readonly Placed[],
	groupRoot: Hash | undefined,
	{ electionId, verifier, signal }: Omit<CheckingTools, 'election'>
): Promise<ReadonlySet<TransactionId>> {
	const proven = new Set<TransactionId>();
	await inBatches(
		ballots,
		async (batch) =>
			groupRoot === undefined ? [] : await verifier.verify(statementsOf(batch, groupRoot, electionId), signal),
		async ({ where, id }, holds = false) => {
			if (holds) proven.add(id);
			await run.count(
				problemOf(where, () => ensure(holds, 'bad-proof', 'the ballot is not proven to come from the group'))
			);
		}
	);
	return proven;
}

function statementsOf(ballots: readonly Placed[], groupRoot: Hash, electionId: ElectionId): ProofStatement[] {
	return ballots.map(({ transaction }) => {
		if (transaction.kind !== 'ballot') throw new TypeError('only ballots have a proof');
		const { nullifier, choices, proof } = transaction;
		return { groupRoot, nullifier, message: ballotMessage(electionId, choices), proof };
	});
}
