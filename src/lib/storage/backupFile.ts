import canonicalize from 'canonicalize';
import * as v from 'valibot';
import { isHash, type Hash } from '../bytes/hash';
import { parseAs } from '../bytes/parseAs';
import { sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';

/*
 * What the files that hold a secret have in common: they are JSON with the members `format` and `version`, a `warning`
 * to people who open them, and a checksum over all the rest. A flipped character in a secret would otherwise show only
 * when the secret is needed, and the device that had it right may be gone by then.
 */

/** 32 bytes as 64 lower-case hex digits: their one spelling. */
export const bytes32 = v.custom<Hash>(isHash, '64 lower-case hex digits');

/** Milliseconds since the epoch. */
export const instant = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** The members with their checksum: SHA-256 of their canonical form (RFC 8785, UTF-8). */
export function withChecksum<Members extends object>(members: Members): Members & { readonly checksum: Hash } {
	return { ...members, checksum: checksumOf(members) };
}

function checksumOf(members: object): Hash {
	return sha256Hash(utf8(canonicalize(members) ?? ''));
}

/**
 * Reads the text of such a file. Nothing is parsed of a text that is longer than any file of its kind.
 * @param maxLength in UTF-16 code units, which are never more than the file's bytes
 * @param open makes the result of the members once shape and checksum are right; what it throws refuses the file
 * @throws PollenError bad-backup, with the reason as its message and the error as its cause
 */
export function readBackup<File extends { readonly checksum: Hash }, Result>(
	text: string,
	maxLength: number,
	schema: v.GenericSchema<unknown, File>,
	open: (file: File) => Result
): Result {
	if (text.length > maxLength) throw new PollenError('bad-backup', `the file has more than ${maxLength} characters`);
	try {
		const file = parseAs(schema, JSON.parse(text), 'bad-backup');
		const { checksum, ...members } = file;
		if (checksumOf(members) !== checksum) throw new Error('checksum: the file was changed or damaged');
		return open(file);
	} catch (cause) {
		throw new PollenError('bad-backup', cause instanceof Error ? cause.message : 'unreadable', { cause });
	}
}
