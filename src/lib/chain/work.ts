import type { BlockHash } from '../bytes/hash';
import { sha256, sha256Hash } from '../bytes/sha256';
import { PollenError } from '../errors/pollenError';
import { HEADER_LENGTH, MAX_NONCE, NONCE_LENGTH } from './header';

/**
 * Bytes that one work hash covers. So many, because a WebCrypto call costs about 6 µs before it hashes anything: on a
 * short message a browser would reach a few percent of what native code gets from the same core, on this about 85 %.
 */
export const WORK_MESSAGE_LENGTH = 65_536;

const FILLER_LENGTH = 32;

/** One more than the largest hash, as a number. */
const HASH_SPACE = 2n ** 256n;

/**
 * Writes the work message of an encoded header: the header, then SHA-256(header without its nonce) repeated and cut to
 * fill. The filler leaves the nonce out, so a miner prepares one message a template and then only sets nonces.
 * @param into exactly {@link WORK_MESSAGE_LENGTH} bytes, overwritten whole
 * @throws PollenError bad-encoding for wrong lengths
 */
export function fillWorkMessage(header: Uint8Array, into: Uint8Array): void {
	requireLength(header, HEADER_LENGTH, 'encoded header');
	requireLength(into, WORK_MESSAGE_LENGTH, 'work message');
	into.set(header, 0);
	into.set(sha256(header.subarray(NONCE_LENGTH)), HEADER_LENGTH);
	repeatFiller(into);
}

/** Copies what is already filled behind itself, twice as much each time: 11 large copies instead of 2,044 small ones. */
function repeatFiller(message: Uint8Array): void {
	let filled = FILLER_LENGTH;
	while (HEADER_LENGTH + filled < WORK_MESSAGE_LENGTH) {
		// A copy that would pass the end is cut there, which is also where the last filler is cut.
		message.copyWithin(HEADER_LENGTH + filled, HEADER_LENGTH, HEADER_LENGTH + filled);
		filled *= 2;
	}
}

/**
 * The work message of an encoded header, in a new array.
 * @throws PollenError bad-encoding when the header has not {@link HEADER_LENGTH} bytes
 */
export function workMessage(header: Uint8Array): Uint8Array<ArrayBuffer> {
	const message = new Uint8Array(WORK_MESSAGE_LENGTH);
	fillWorkMessage(header, message);
	return message;
}

/**
 * Puts another nonce into a work message (or an encoded header): its first 8 bytes, big-endian. Nothing else changes.
 * @throws PollenError bad-encoding when the nonce is not in 0 to 2^64 - 1
 */
export function setNonce(message: Uint8Array, nonce: bigint): void {
	if (nonce < 0n || nonce > MAX_NONCE) throw new PollenError('bad-encoding', 'a nonce has 64 bits');
	new DataView(message.buffer, message.byteOffset, NONCE_LENGTH).setBigUint64(0, nonce);
}

/**
 * The hash of a block: SHA-256 of the work message of its encoded header. Around half a millisecond; WebCrypto is faster.
 * @throws PollenError bad-encoding when the header has not {@link HEADER_LENGTH} bytes
 */
export function workHashSync(header: Uint8Array): BlockHash {
	return sha256Hash(workMessage(header));
}

/** Whether a block hash, read as a big-endian number, is at most the target. */
export function meetsTarget(hash: BlockHash, target: bigint): boolean {
	return BigInt(`0x${hash}`) <= target;
}

/**
 * Hashes that finding a block of this target takes on average: floor(2^256 / (target + 1)).
 * @throws PollenError bad-target when the target is not in 0 to 2^256 - 1
 */
export function workOf(target: bigint): bigint {
	if (target < 0n || target >= HASH_SPACE) throw new PollenError('bad-target', 'a target has 256 bits');
	return HASH_SPACE / (target + 1n);
}

function requireLength(bytes: Uint8Array, length: number, what: string): void {
	if (bytes.length === length) return;
	throw new PollenError('bad-encoding', `${what} has ${bytes.length} bytes, not ${length}`);
}
