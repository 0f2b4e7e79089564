import { hashToBytes } from '../bytes/hex';
import type { ElectionId, Hash } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';

const DOMAIN = utf8('pollen/ballot/v1');

/**
 * What a ballot's proof says: the Semaphore message. It binds the choices, so a ballot copied with another choice has no
 * proof; the domain and the election ID keep it from meaning anything elsewhere.
 */
export function ballotMessage(electionId: ElectionId, choices: readonly number[]): Hash {
	return sha256Hash(DOMAIN, hashToBytes(electionId), Uint8Array.from(choices));
}
