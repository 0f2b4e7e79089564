import { fakeProofs } from '../../../../tests/support/fakeProofs';
import { auditRecord, type AuditTools } from '../auditRecord';
import { proofContextOf } from '../proofContext';
import type { ElectionRecord } from '../record';
import type { AuditOptions, AuditReport } from '../report';
import { START_MS, instantWorkSync } from './sampleRecord';

/** Audits a record whose proofs are fake and whose work is instant, a day after it began. */
export async function auditWithFakes(
	record: ElectionRecord,
	tools: Partial<AuditTools> = {},
	options: AuditOptions = {}
): Promise<AuditReport> {
	return auditRecord(
		record,
		{
			verifier: fakeProofs()(proofContextOf(record)),
			workHash: (header) => Promise.resolve(instantWorkSync(header)),
			now: START_MS + 86_400_000,
			...tools
		},
		options
	);
}

/** What fails, as `check@height code`, with the height of the first problem; "" when everything holds. */
export function failuresOf({ checks }: AuditReport): string[] {
	return checks.flatMap(({ check, problem }) =>
		problem ? [`${check}${problem.height === undefined ? '' : `@${problem.height}`} ${problem.code}`] : []
	);
}
