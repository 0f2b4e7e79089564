import { bytesToHex as nobleBytesToHex, hexToBytes as nobleHexToBytes } from '@noble/hashes/utils.js';
import { PollenError } from '../errors/pollenError';
import { isHash, type Hash } from './hash';

const HEX_PATTERN = /^(?:[0-9a-f]{2})*$/;
const HASH_LENGTH = 32;

/** Lower-case hex, two digits a byte. */
export function bytesToHex(bytes: Uint8Array): string {
	return nobleBytesToHex(bytes);
}

/**
 * The bytes that lower-case hex stands for. Upper case is refused as well, so that every byte string has one spelling.
 * @throws PollenError bad-encoding
 */
export function hexToBytes(hex: string): Uint8Array<ArrayBuffer> {
	if (typeof hex !== 'string' || !HEX_PATTERN.test(hex)) {
		throw new PollenError('bad-encoding', 'hex must be pairs of lower-case digits');
	}
	return nobleHexToBytes(hex);
}

/**
 * Exactly 32 bytes as a hash.
 * @throws PollenError bad-encoding
 */
export function hashFromBytes(bytes: Uint8Array): Hash {
	if (bytes.length !== HASH_LENGTH) {
		throw new PollenError('bad-encoding', `a hash has ${HASH_LENGTH} bytes, not ${bytes.length}`);
	}
	return nobleBytesToHex(bytes) as Hash;
}

/**
 * The 32 bytes of a hash.
 * @throws PollenError bad-encoding when the value is not a hash (a cast or JSON can bring anything here)
 */
export function hashToBytes(hash: Hash): Uint8Array<ArrayBuffer> {
	if (!isHash(hash)) throw new PollenError('bad-encoding', 'a hash is 64 lower-case hex digits');
	return nobleHexToBytes(hash);
}
