import { PollenError, type ErrorCode } from '../errors/pollenError';
import type { AuditedBlock, AuditedTransaction } from './auditedBlock';
import type { AuditProblem } from './report';

type Where = Pick<AuditProblem, 'height' | 'blockHash' | 'transactionId'>;

/** Runs rules up to the first that is broken. Undefined when all hold; errors that are no refusal pass through. */
export function problemOf(where: Where, ...rules: readonly (() => void)[]): AuditProblem | undefined {
	try {
		for (const rule of rules) rule();
		return undefined;
	} catch (error) {
		if (!(error instanceof PollenError)) throw error;
		return { code: error.code, message: error.message, ...where };
	}
}

/** @throws PollenError with this code, unless the condition holds. */
export function ensure(condition: boolean, code: ErrorCode, message: string): void {
	if (!condition) throw new PollenError(code, message);
}

/** The names that the record gives them: those are what its reader can look for, and right unless they are the problem. */
export function whereIs(
	{ height, statedHash }: Pick<AuditedBlock, 'height' | 'statedHash'>,
	transaction?: AuditedTransaction
): Where {
	return { height, blockHash: statedHash, ...(transaction && { transactionId: transaction.statedId }) };
}
