import type { Hash } from '../../bytes/hash';
import { merkleRoot } from '../../chain/merkle';
import { transactionsRoot } from '../../election/block';
import { encodeElection, type Election } from '../../election/definition';
import { checkBlockSize } from '../../election/rules/checkBlockSize';
import { checkMerkleRoot } from '../../election/rules/checkMerkleRoot';
import type { AuditedBlock } from '../auditedBlock';
import type { CheckRun } from '../checkRun';
import { ensure, problemOf, whereIs } from '../problem';

/** Each header is about exactly the transactions below it, and the genesis about the definition and no transaction. */
export async function checkMerkleRoots(
	run: CheckRun,
	blocks: readonly AuditedBlock[],
	election: Election
): Promise<void> {
	for (const audited of blocks) {
		const { block, height, transactions } = audited;
		// A transaction that was changed has another ID, too: so it can be named.
		const changed = transactions.find(({ id, statedId }) => id !== statedId);
		await run.count(
			problemOf(
				whereIs(audited, changed),
				() => ensure(height > 0 || transactions.length === 0, 'bad-merkle-root', 'the genesis has no transactions'),
				() => checkBlockSize(block),
				() => checkMerkleRoot(block.header, rootOf(audited, election)),
				() => ensure(!changed, 'bad-record', `it has another ID than the record says: ${changed?.id}`)
			)
		);
	}
}

function rootOf({ block, height }: AuditedBlock, election: Election): Hash {
	return height === 0 ? merkleRoot([encodeElection(election)]) : transactionsRoot(block.transactions);
}
