import { checkWork } from '../../chain/checkHeader';
import type { AuditedBlock } from '../auditedBlock';
import type { CheckRun } from '../checkRun';
import { problemOf, whereIs } from '../problem';

/** The hash of each block but the genesis is at most the target that it states. */
export async function checkBlockWork(run: CheckRun, blocks: readonly AuditedBlock[]): Promise<void> {
	for (const audited of blocks.slice(1)) {
		await run.count(problemOf(whereIs(audited), () => checkWork(audited.block.header, audited.hash)));
	}
}
