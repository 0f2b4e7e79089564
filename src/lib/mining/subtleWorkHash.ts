import { hashFromBytes } from '../bytes/hex';
import { fillWorkMessage, WORK_MESSAGE_LENGTH } from '../chain/work';
import { PollenError } from '../errors/pollenError';
import type { WorkHash } from './port';

/**
 * SHA-256 by WebCrypto. It copies the message before it returns (Web Cryptography API, `digest`, step 2), so the caller
 * may write the next nonce into the same buffer at once. Rejects with insecure-context where WebCrypto is missing.
 */
export function subtleDigest(message: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
	const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
	if (subtle === undefined) {
		return Promise.reject(new PollenError('insecure-context', 'WebCrypto exists only in secure contexts'));
	}
	return subtle.digest('SHA-256', message);
}

/** One for all headers, since the digest takes its copy at once. */
const message = new Uint8Array(WORK_MESSAGE_LENGTH);

/**
 * The work hash by WebCrypto, about eight times as fast as the synchronous one and off the calling thread.
 * Rejects with bad-encoding for a header of the wrong length, insecure-context where WebCrypto is missing.
 */
export const subtleWorkHash: WorkHash = async (header) => {
	fillWorkMessage(header, message);
	return hashFromBytes(new Uint8Array(await subtleDigest(message)));
};
