import { PollenError, type ErrorCode } from '../errors/pollenError';

/** What a kind of file is: its `format` and `version` members, and how it is refused. */
export interface FileKind {
	readonly format: string;
	readonly version: number;
	/** What people call it. */
	readonly name: string;
	/** Of every refusal. */
	readonly code: ErrorCode;
	/** Longest text, in UTF-16 units. */
	readonly maxLength: number;
}

/**
 * Reads the JSON of a file of ours as far as that it is one of this kind and version.
 * @throws PollenError with the kind's code, for text that is too long, no JSON, cut short, or another kind of file
 */
export function readJsonFile(text: string, kind: FileKind): unknown {
	if (text.length > kind.maxLength) {
		throw new PollenError(kind.code, `the file is larger than a ${kind.name} can be (${kind.maxLength} characters)`);
	}
	const value = parseJson(text.replace(/^\uFEFF/, ''), kind);
	const format = memberOf(value, 'format');
	if (format !== kind.format) {
		const found = typeof format === 'string' ? `its format is "${format.slice(0, 40)}"` : 'it names no format';
		throw new PollenError(kind.code, `format: the file is no ${kind.name}: ${found}`);
	}
	const version = memberOf(value, 'version');
	if (version !== kind.version) {
		const found = typeof version === 'number' ? `it has version ${version}` : 'it names no version';
		throw new PollenError(kind.code, `version: this reads version ${kind.version} of a ${kind.name}: ${found}`);
	}
	return value;
}

function parseJson(text: string, kind: FileKind): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		// What our files start with; whatever else stands at the start was never one of them.
		const message = /^\s*\{\s*"/.test(text)
			? `the ${kind.name} is damaged, or the file ends in its middle: was the download cut short?`
			: `the file is no ${kind.name}: it is not JSON`;
		throw new PollenError(kind.code, message, { cause });
	}
}

function memberOf(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
		? (value as Record<string, unknown>)[name]
		: undefined;
}
