import { bytesToHex as nobleBytesToHex, hexToBytes as nobleHexToBytes } from '@noble/hashes/utils.js';
import { PollenError } from '../errors/pollenError';
import type { Hash } from './hash';

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
 * The hashes that were read last, by two of their bytes. A node hears of each transaction and block from every peer: this way
 * all that it notes down about one shares one string, instead of holding a dozen equal ones.
 */
const RECENT = 2 ** 14;
const recentBytes = new Uint8Array(RECENT * HASH_LENGTH);
const recentHashes: (Hash | undefined)[] = [];

/**
 * Exactly 32 bytes as a hash.
 * @throws PollenError bad-encoding
 */
export function hashFromBytes(bytes: Uint8Array): Hash {
	if (bytes.length !== HASH_LENGTH) {
		throw new PollenError('bad-encoding', `a hash has ${HASH_LENGTH} bytes, not ${bytes.length}`);
	}
	// The last bytes: the first are zeros in the hashes of blocks.
	const slot = (((bytes[HASH_LENGTH - 2] as number) << 8) | (bytes[HASH_LENGTH - 1] as number)) % RECENT;
	const start = slot * HASH_LENGTH;
	const recent = recentHashes[slot];
	if (recent !== undefined && isSame(bytes, start)) return recent;
	const hash = nobleBytesToHex(bytes) as Hash;
	recentBytes.set(bytes, start);
	recentHashes[slot] = hash;
	return hash;
}

function isSame(bytes: Uint8Array, start: number): boolean {
	for (let at = 0; at < HASH_LENGTH; at++) if (bytes[at] !== recentBytes[start + at]) return false;
	return true;
}

/** What each character stands for as a hex digit, by its code; undefined for those that are none. */
const DIGITS: readonly (number | undefined)[] = Array.from({ length: 128 }, (_, code) => {
	const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code));
	return digit < 0 ? undefined : digit;
});

/**
 * The 32 bytes of a hash. Every message with hashes and every ID of a transaction comes by here.
 * @throws PollenError bad-encoding when the value is not a hash (a cast or JSON can bring anything here)
 */
export function hashToBytes(hash: Hash): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(HASH_LENGTH);
	writeHash(hash, bytes, 0);
	return bytes;
}

/**
 * The bytes of hashes one after another. A group can have so many that no call could take each as an argument of its own.
 * @throws PollenError bad-encoding, like {@link hashToBytes}
 */
export function hashesToBytes(hashes: readonly Hash[]): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(hashes.length * HASH_LENGTH);
	hashes.forEach((hash, index) => writeHash(hash, bytes, index * HASH_LENGTH));
	return bytes;
}

function writeHash(hash: Hash, bytes: Uint8Array, start: number): void {
	if (typeof hash !== 'string' || hash.length !== 2 * HASH_LENGTH) throw notAHash();
	for (let at = 0; at < HASH_LENGTH; at++) {
		const high = DIGITS[hash.charCodeAt(2 * at)];
		const low = DIGITS[hash.charCodeAt(2 * at + 1)];
		if (high === undefined || low === undefined) throw notAHash();
		bytes[start + at] = high * 16 + low;
	}
}

function notAHash(): PollenError {
	return new PollenError('bad-encoding', 'a hash is 64 lower-case hex digits');
}
