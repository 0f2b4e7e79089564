import type { Nullifier } from '../../bytes/hash';
import { checkUnused } from '../../election/rules/checkUnused';
import type { CheckRun } from '../checkRun';
import { problemOf } from '../problem';
import type { Placed } from './checkSignatures';

/** No credential has two ballots on the chain, whether or not they hold otherwise. */
export async function checkNullifiers(run: CheckRun, ballots: readonly Placed[]): Promise<void> {
	const used = new Map<Nullifier, Placed>();
	for (const ballot of ballots) {
		const { transaction, where } = ballot;
		if (transaction.kind !== 'ballot') continue;
		const { nullifier } = transaction;
		await run.count(problemOf(where, () => checkUnused(used, nullifier)));
		if (!used.has(nullifier)) used.set(nullifier, ballot);
	}
}
