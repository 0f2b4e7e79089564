import * as v from 'valibot';
import { PollenError, type ErrorCode } from '../errors/pollenError';

/**
 * The value as the schema has it: a copy that holds the known fields and nothing else.
 * @throws PollenError with `code`, naming the path of the first thing that is wrong
 */
export function parseAs<Output>(schema: v.GenericSchema<unknown, Output>, value: unknown, code: ErrorCode): Output {
	const result = v.safeParse(schema, value, { abortEarly: true });
	if (result.success) return result.output;
	const [issue] = result.issues;
	const path = v.getDotPath(issue);
	throw new PollenError(code, path === null ? issue.message : `${path}: ${issue.message}`);
}
