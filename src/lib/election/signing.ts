import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '../bytes/compare';
import type { ElectionId } from '../bytes/hash';
import { bytesToHex, hashToBytes, hexToBytes } from '../bytes/hex';
import { utf8 } from '../bytes/text';
import type { Election } from './definition';
import type { Closing, Enrolment, Opening, SignedTransaction } from './transaction';

/** An Ed25519 secret key (RFC 8032): 32 bytes. */
export type SecretKey = Uint8Array;

/** The Ed25519 public key of a secret key, 64 hex digits. */
export function publicKeyOf(secretKey: SecretKey): string {
	return bytesToHex(ed25519.getPublicKey(secretKey));
}

/** Whose signature a transaction needs; undefined when nobody's would do. */
export function signerOf(election: Election, transaction: SignedTransaction): string | undefined {
	if (transaction.kind === 'enrolment') return election.roll[transaction.rollIndex]?.key;
	return election.organiser ?? undefined;
}

/**
 * What a signature covers: "pollen/<kind>/v1", the election ID, and the fields as they are encoded in the transaction. The
 * kind and the election keep it from meaning anything elsewhere.
 */
export function signedMessage(
	electionId: ElectionId,
	transaction: Omit<Enrolment, 'signature'> | Omit<Opening, 'signature'> | Omit<Closing, 'signature'>
): Uint8Array {
	return concatBytes(utf8(`pollen/${transaction.kind}/v1`), hashToBytes(electionId), ...fieldsOf(transaction));
}

function fieldsOf(
	transaction: Omit<Enrolment, 'signature'> | Omit<Opening, 'signature'> | Omit<Closing, 'signature'>
): Uint8Array[] {
	switch (transaction.kind) {
		case 'enrolment':
			return [u32(transaction.rollIndex), hashToBytes(transaction.commitment)];
		case 'opening':
			return [u32(transaction.groupSize), hashToBytes(transaction.groupRoot)];
		case 'closing':
			return [u32(transaction.height), hashToBytes(transaction.blockHash)];
	}
}

function u32(value: number): Uint8Array {
	const bytes = new Uint8Array(4);
	new DataView(bytes.buffer).setUint32(0, value);
	return bytes;
}

/** The transaction with its signature. Signing is deterministic: the same transaction has one ID. */
export function signTransaction<
	Unsigned extends Omit<Enrolment, 'signature'> | Omit<Opening, 'signature'> | Omit<Closing, 'signature'>
>(electionId: ElectionId, transaction: Unsigned, secretKey: SecretKey): Unsigned & { readonly signature: Uint8Array } {
	return { ...transaction, signature: ed25519.sign(signedMessage(electionId, transaction), secretKey) };
}

/**
 * Whether a signature holds, strictly: canonical encodings only, no key of small order (`zip215: false`). Takes about a
 * millisecond.
 * @param publicKey 64 hex digits; anything that is no key has signed nothing
 */
export function signatureHolds(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
	try {
		return ed25519.verify(signature, message, hexToBytes(publicKey), { zip215: false });
	} catch {
		return false;
	}
}
