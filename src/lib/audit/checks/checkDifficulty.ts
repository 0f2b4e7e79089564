import { checkNotFuture, checkTarget, checkTime } from '../../chain/checkHeader';
import { nextTarget, type DifficultyRules } from '../../chain/difficulty';
import type { AuditedBlock } from '../auditedBlock';
import type { CheckRun } from '../checkRun';
import { problemOf, whereIs } from '../problem';

/**
 * Each block states the target that follows from those before it, and a time after its parent's.
 * @param now ms since the epoch; no block is later, but for the error that honest clocks may have
 */
export async function checkDifficulty(
	run: CheckRun,
	blocks: readonly AuditedBlock[],
	rules: DifficultyRules,
	now: number
): Promise<void> {
	for (const audited of blocks.slice(1)) {
		const { header } = audited.block;
		const parent = (blocks[audited.height - 1] as AuditedBlock).block.header;
		const grandparent = blocks[audited.height - 2]?.block.header;
		await run.count(
			problemOf(
				whereIs(audited),
				() => checkTarget(header, nextTarget(rules, parent, grandparent)),
				() => checkTime(header, parent),
				() => checkNotFuture(header, now)
			)
		);
	}
}
