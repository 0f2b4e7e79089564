import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import type { Hash } from './hash';
import { hashFromBytes } from './hex';

/** SHA-256 (FIPS 180-4) of the parts one after another; 32 bytes. Synchronous, so that the rules can stay so. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const hasher = nobleSha256.create();
	for (const part of parts) hasher.update(part);
	return hasher.digest();
}

/** {@link sha256} as a hash. */
export function sha256Hash(...parts: readonly Uint8Array[]): Hash {
	return hashFromBytes(sha256(...parts));
}
