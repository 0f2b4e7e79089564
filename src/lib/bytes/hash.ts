/** 32 bytes in lower-case hex. Hashes are strings in memory, so that they are Map keys and JSON as they stand. */
export type Hash = string & { readonly __hash: 'sha256' };

/** The hash of a block's header under the work function; the genesis hash is the election ID. */
export type BlockHash = Hash;
/** SHA-256 of a transaction's encoding. */
export type TransactionId = Hash;
export type ElectionId = Hash;
/** A Semaphore nullifier: a field element, big-endian. */
export type Nullifier = Hash;

export const ZERO_HASH = '0'.repeat(64) as Hash;

const HASH_PATTERN = /^[0-9a-f]{64}$/;

export function isHash(value: unknown): value is Hash {
	return typeof value === 'string' && HASH_PATTERN.test(value);
}
