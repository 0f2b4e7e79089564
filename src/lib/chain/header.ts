import * as P from 'micro-packed';
import { decodeStrict, encodeStrict, hash32, u32, u64, u64number, u8, uint256 } from '../bytes/coders';
import type { Hash } from '../bytes/hash';

/** The version that this code writes; the rules refuse every other one. */
export const HEADER_VERSION = 1;

/** Bytes of an encoded header. */
export const HEADER_LENGTH = 117;

/** Bytes of the nonce, which stands first so that a change of it changes the first block that SHA-256 takes in. */
export const NONCE_LENGTH = 8;

export const MAX_NONCE = 2n ** 64n - 1n;

export interface Header {
	/** What miners vary; 0 to 2^64 - 1. */
	readonly nonce: bigint;
	readonly version: number;
	/** Distance from the genesis, which has height 0. */
	readonly height: number;
	readonly previousHash: Hash;
	readonly merkleRoot: Hash;
	/** Milliseconds since the epoch, by the miner's clock; at most 2^53 - 1. */
	readonly timestamp: number;
	/** The work hash, read as a number, must be at most this; 0 to 2^256 - 1. */
	readonly target: bigint;
}

export const headerCoder: P.CoderType<Header> = P.struct({
	nonce: u64,
	version: u8,
	height: u32,
	previousHash: hash32,
	merkleRoot: hash32,
	timestamp: u64number,
	target: uint256
});

/**
 * A header as {@link HEADER_LENGTH} bytes.
 * @throws PollenError bad-encoding when a field is out of range
 */
export function encodeHeader(header: Header): Uint8Array {
	return encodeStrict(headerCoder, header, 'header');
}

/**
 * The header that exactly {@link HEADER_LENGTH} bytes stand for. Any version is read: that it is ours is a rule.
 * @throws PollenError bad-encoding
 */
export function decodeHeader(bytes: Uint8Array): Header {
	return decodeStrict(headerCoder, bytes, 'header');
}
