import type { ElectionId, Hash, TransactionId } from '../bytes/hash';
import type { Election } from '../election/definition';
import type { Evidence } from '../election/rules/evidence';
import { ElectionState } from '../election/state';
import type { ProofVerifier } from '../proofs/port';
import type { AuditedBlock } from './auditedBlock';
import type { CheckRun } from './checkRun';
import { GroupRoots } from './groupRoots';

export interface FrozenGroup {
	/** Against which ballots are proven; undefined when no opening states one. */
	readonly groupRoot: Hash | undefined;
	/** The rules' question about an opening, answered. */
	isRootOf(groupRoot: Hash, commitments: readonly Hash[]): boolean;
}

/**
 * Finds the group that the record's opening freezes. No ballot has a say in that, so it is known before any proof is checked.
 * @param signed the transactions with a good signature
 */
export async function findFrozenGroup(
	run: CheckRun,
	blocks: readonly AuditedBlock[],
	signed: ReadonlySet<TransactionId>,
	{ election, electionId, verifier }: { election: Election; electionId: ElectionId; verifier: ProofVerifier }
): Promise<FrozenGroup> {
	const roots = new GroupRoots();
	const isRootOf: FrozenGroup['isRootOf'] = (groupRoot, commitments) => roots.isRootOf(groupRoot, commitments);
	if (election.eligibility === 'issued') {
		return { groupRoot: await verifier.groupRootOf(election.roll.map(({ key }) => key as Hash)), isRootOf };
	}
	const evidence: Evidence = {
		isProven: () => true,
		isSigned: (id) => signed.has(id),
		isRootOf: (groupRoot, commitments) => roots.mayBeRootOf(groupRoot, commitments)
	};
	let state: ElectionState;
	do {
		state = new ElectionState(election, electionId);
		for (const { block, hash } of blocks.slice(1)) {
			state.connectWhatHolds(block, hash, evidence);
			await run.breathe();
		}
	} while (await roots.settle(verifier));
	return { groupRoot: state.groupRoot ?? statedRoot(blocks), isRootOf };
}

/** When no opening holds: ballots can still be proven for the group that the first one states. */
function statedRoot(blocks: readonly AuditedBlock[]): Hash | undefined {
	for (const { block } of blocks) {
		for (const transaction of block.transactions) if (transaction.kind === 'opening') return transaction.groupRoot;
	}
	return undefined;
}
