import type { Evidence } from '../../election/rules/evidence';
import type { ElectionState } from '../../election/state';
import type { ErrorCode } from '../../errors/pollenError';
import type { AuditedBlock } from '../auditedBlock';
import type { CheckRun } from '../checkRun';
import { whereIs } from '../problem';

/** What other checks have counted already. */
const ELSEWHERE: ReadonlySet<ErrorCode> = new Set(['bad-signature', 'bad-proof', 'duplicate-nullifier']);

/**
 * Each transaction was allowed at its place: enrolments before the opening, the opening for exactly those enrolled, ballots
 * while the poll is open, the closing after them.
 * @param state at genesis; afterwards it holds what the transactions that hold add up to
 */
export async function checkPhases(
	run: CheckRun,
	blocks: readonly AuditedBlock[],
	state: ElectionState,
	evidence: Evidence
): Promise<void> {
	for (const audited of blocks.slice(1)) {
		const refusals = new Map(
			state.connectWhatHolds(audited.block, audited.hash, evidence).map(({ index, error }) => [index, error])
		);
		for (const [index, transaction] of audited.transactions.entries()) {
			const error = refusals.get(index);
			await run.count(
				error === undefined || ELSEWHERE.has(error.code)
					? undefined
					: { code: error.code, message: error.message, ...whereIs(audited, transaction) }
			);
		}
		await run.breathe();
	}
}
