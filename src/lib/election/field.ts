import type { Hash } from '../bytes/hash';

/**
 * The order r of the scalar field of BN254, big-endian. Semaphore's commitments and nullifiers are elements of this
 * field (EIP-197; its circuits run over it).
 */
export const SCALAR_FIELD = '30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001' as Hash;

/**
 * Whether 32 bytes are the one canonical encoding of a field element. A circuit computes modulo r, so it cannot tell
 * x from x + r: were both allowed, one credential would have several nullifiers and could vote as often.
 */
export function isFieldElement(value: Hash): boolean {
	// Lower-case hex of one length sorts like the number it stands for.
	return value < SCALAR_FIELD;
}

/** Whether a value can be an identity commitment: zero is the padding of Semaphore's trees, so it is none. */
export function isCommitment(value: Hash): boolean {
	return isFieldElement(value) && !/^0+$/.test(value);
}
