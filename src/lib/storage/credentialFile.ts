import * as v from 'valibot';
import { isHash, type ElectionId, type Hash } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { isCommitment } from '../election/field';
import { MAX_TITLE_LENGTH, MAX_VOTER_ID_LENGTH } from '../election/limits';
import { decodeTransaction } from '../election/transaction';
import { bytes32, instant, readBackup, withChecksum } from './backupFile';
import type { StoredCredential } from './port';

export const CREDENTIAL_FORMAT = 'pollen-credential';
export const CREDENTIAL_VERSION = 1;

/** A credential file has about a thousand bytes. No text that is longer than this is one. */
export const MAX_CREDENTIAL_FILE_LENGTH = 64 * 1024;

const WARNING =
	'Secret. Whoever has this file can vote as this voter, and can find out how this voter voted. Never send or publish it.';

/** A voter's credential on its way to another device. A secret: it links a voter ID to a ballot. */
export interface CredentialFile {
	readonly format: typeof CREDENTIAL_FORMAT;
	readonly version: typeof CREDENTIAL_VERSION;
	/** For people; reading takes any text. */
	readonly warning: string;
	readonly electionId: ElectionId;
	/** Of the election, for people. */
	readonly title: string;
	readonly voterId: string;
	/** 64 hex digits. */
	readonly key: string;
	readonly commitment: Hash;
	/** The encoded enrolment in hex. */
	readonly enrolment: string;
	/** Milliseconds since the epoch. */
	readonly createdAt: number;
	/** SHA-256 of the canonical form (RFC 8785) of all other members. */
	readonly checksum: Hash;
}

/** At most `codePoints` characters, none of them counted when the UTF-16 units already are too many. */
function text(codePoints: number) {
	return v.pipe(
		v.string(),
		v.maxLength(2 * codePoints),
		v.check((value) => [...value].length <= codePoints, `at most ${codePoints} characters`)
	);
}

const schema = v.strictObject({
	format: v.literal(CREDENTIAL_FORMAT),
	version: v.literal(CREDENTIAL_VERSION),
	warning: v.string(),
	electionId: bytes32,
	title: text(MAX_TITLE_LENGTH),
	voterId: v.pipe(text(MAX_VOTER_ID_LENGTH), v.nonEmpty()),
	key: bytes32,
	commitment: v.custom<Hash>((value) => isHash(value) && isCommitment(value), 'a commitment in hex'),
	enrolment: v.string(),
	createdAt: instant,
	checksum: bytes32
}) satisfies v.GenericSchema<unknown, CredentialFile>;

/** @param title of the election, for people who open the file */
export function credentialFile(credential: StoredCredential, title: string): CredentialFile {
	const { electionId, voterId, key, commitment, enrolment, createdAt } = credential;
	return withChecksum({
		format: CREDENTIAL_FORMAT,
		version: CREDENTIAL_VERSION,
		warning: WARNING,
		electionId,
		title,
		voterId,
		key: bytesToHex(key),
		commitment,
		enrolment: bytesToHex(enrolment),
		createdAt
	});
}

/**
 * The credential in the text of a file. It is whole, and its enrolment binds its commitment. That its key makes this
 * commitment takes Semaphore to see, and that its enrolment is signed for this voter takes the definition: both are for
 * the caller, before anything is kept.
 * @throws PollenError bad-backup
 */
export function parseCredentialFile(text: string): StoredCredential {
	return readBackup(text, MAX_CREDENTIAL_FILE_LENGTH, schema, (file) => {
		const { electionId, voterId, commitment, createdAt } = file;
		const enrolment = hexToBytes(file.enrolment);
		const transaction = decodeTransaction(enrolment);
		if (transaction.kind !== 'enrolment' || transaction.commitment !== commitment) {
			throw new Error('enrolment: not an enrolment of this commitment');
		}
		return { electionId, voterId, key: hexToBytes(file.key), commitment, enrolment, createdAt };
	});
}
