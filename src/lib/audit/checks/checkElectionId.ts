import type { CheckRun } from '../checkRun';
import { ensure, problemOf } from '../problem';
import type { ElectionIds } from '../proofContext';

/** The stated ID, the hash over the definition and the hash of the first block are one and the same. */
export async function checkElectionId(run: CheckRun, { stated, defined, genesis }: ElectionIds): Promise<void> {
	await run.count(
		problemOf(
			{ height: 0, blockHash: genesis },
			() => ensure(stated === defined, 'other-election', `the definition has the ID ${defined}, not ${stated}`),
			() => ensure(genesis === defined, 'other-election', `the first block is not the genesis of ${defined}`)
		)
	);
}
