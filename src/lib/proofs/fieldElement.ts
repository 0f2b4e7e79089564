import { keccak_256 } from '@noble/hashes/sha3.js';
import type { Hash } from '../bytes/hash';
import { bytesToHex, hashToBytes } from '../bytes/hex';

/** A hash as the number that its 32 bytes are, big-endian. */
export function bigintOfHash(hash: Hash): bigint {
	return BigInt(`0x${hash}`);
}

/** A number below 2^256 as 32 bytes, big-endian. */
export function hashOfBigint(value: bigint): Hash {
	return value.toString(16).padStart(64, '0') as Hash;
}

/**
 * How Semaphore turns a message or scope of 32 bytes into an element of the scalar field: Keccak-256 without its last
 * byte, because 248 bits always lie below the field's order.
 */
export function hashToField(value: Hash): bigint {
	return BigInt(`0x${bytesToHex(keccak_256(hashToBytes(value)))}`) >> 8n;
}
