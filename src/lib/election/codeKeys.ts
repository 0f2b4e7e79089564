import { sha256 } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';
import type { SecretKey } from './signing';
import { codeFromBytes, normaliseCode } from './votingCode';

const CREDENTIAL = utf8('pollen/credential/v1');
const ENROLMENT_KEY = utf8('pollen/enrolment-key/v1');
const ORGANISER_KEY = utf8('pollen/organiser-key/v1');
const VOTING_CODE = utf8('pollen/voting-code/v1');

/** Random bytes that are the whole secret of an organiser. */
export const ORGANISER_SECRET_LENGTH = 32;

/** With `issued`: the private key of the credential that a voting code stands for, however the voter typed it. */
export function credentialKeyOf(code: string): Uint8Array {
	return sha256(CREDENTIAL, utf8(normaliseCode(code)));
}

/** With `enrolment`: the key that a voting code stands for, with which the voter signs their enrolment. */
export function enrolmentKeyOf(code: string): SecretKey {
	return sha256(ENROLMENT_KEY, utf8(normaliseCode(code)));
}

/**
 * The key with which the organiser signs opening and closing.
 * @throws PollenError bad-encoding when the secret has not {@link ORGANISER_SECRET_LENGTH} bytes
 */
export function organiserKeyOf(secret: Uint8Array): SecretKey {
	return sha256(ORGANISER_KEY, wholeSecret(secret));
}

/**
 * The normalised voting code of a voter, from the organiser's secret: so a backup of the secret alone brings all
 * invitations back.
 * @throws PollenError bad-encoding when the secret has not {@link ORGANISER_SECRET_LENGTH} bytes
 */
export function votingCodeOf(secret: Uint8Array, voterId: string): string {
	return codeFromBytes(sha256(VOTING_CODE, wholeSecret(secret), utf8(voterId)));
}

/** A short secret could be guessed, and its end be taken for the beginning of a voter ID. */
function wholeSecret(secret: Uint8Array): Uint8Array {
	if (secret.length === ORGANISER_SECRET_LENGTH) return secret;
	throw new PollenError('bad-encoding', `an organiser's secret has ${ORGANISER_SECRET_LENGTH} bytes`);
}
