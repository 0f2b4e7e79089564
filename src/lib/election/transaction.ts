import * as P from 'micro-packed';
import { decodeStrict, encodeStrict, fixedBytes, hash32, u8 } from '../bytes/coders';
import type { Nullifier, TransactionId } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { PollenError } from '../errors/pollenError';
import { isFieldElement } from './field';
import { MAX_CONTESTS } from './limits';

/** A choice of no option in a contest. */
export const ABSTAIN = 255;

/** A packed Groth16 proof: eight coordinates of 32 bytes. */
export const PROOF_LENGTH = 256;

/** One anonymous vote. It holds no time, no voter ID and no peer ID, because each of them could tell who cast it. */
export interface Ballot {
	readonly kind: 'ballot';
	readonly nullifier: Nullifier;
	/** One option index a contest, or {@link ABSTAIN}. */
	readonly choices: readonly number[];
	/** {@link PROOF_LENGTH} bytes. */
	readonly proof: Uint8Array;
}

/** What a block carries. Kinds 1, 2 and 4 of the format belong to elections with enrolment. */
export type Transaction = Ballot;

const nullifier = P.validate(hash32, (value) => {
	if (!isFieldElement(value)) throw new PollenError('bad-encoding', 'the nullifier is not a canonical field element');
	return value;
});

const choices = P.apply(P.bytes(u8), {
	encode: (bytes) => readChoices(bytes),
	decode: (values: readonly number[]) => Uint8Array.from(readChoices(values))
});

/** The first byte is the kind. It leads to the rest, so a new kind is one more line here. */
const taggedCoder = P.mappedTag(u8, {
	ballot: [3, P.struct({ nullifier, choices, proof: fixedBytes(PROOF_LENGTH) })]
});

/** Composes into the coder of a block. */
export const transactionCoder: P.CoderType<Transaction> = P.apply(taggedCoder, {
	encode: ({ TAG, data }): Transaction => ({ kind: TAG, ...data }),
	decode: ({ kind, ...data }: Transaction) => ({ TAG: kind, data })
});

function readChoices(values: Iterable<number>): number[] {
	const read = [...values];
	if (read.length < 1 || read.length > MAX_CONTESTS) {
		throw new PollenError('bad-encoding', `a ballot has 1 to ${MAX_CONTESTS} choices`);
	}
	if (!read.every((choice) => Number.isInteger(choice) && choice >= 0 && choice <= ABSTAIN)) {
		throw new PollenError('bad-encoding', 'a choice is a whole number from 0 to 255');
	}
	return read;
}

/** @throws PollenError bad-encoding when a field has no encoding. */
export function encodeTransaction(transaction: Transaction): Uint8Array {
	return encodeStrict(transactionCoder, transaction, 'transaction');
}

/** @throws PollenError bad-encoding for anything that {@link encodeTransaction} would not have written. */
export function decodeTransaction(bytes: Uint8Array): Transaction {
	return decodeStrict(transactionCoder, bytes, 'transaction');
}

/**
 * SHA-256 of the encoding. Proofs are malleable: a ballot can come under several IDs, but its nullifier stays, so
 * ballots are told apart by nullifier and verdicts about proofs are kept by ID.
 * @throws PollenError bad-encoding
 */
export function transactionId(transaction: Transaction): TransactionId {
	return sha256Hash(encodeTransaction(transaction));
}

/** Length of the encoding in bytes: kind, nullifier, count of choices, choices, proof. */
export function transactionLength(transaction: Transaction): number {
	return 1 + 32 + 1 + transaction.choices.length + PROOF_LENGTH;
}
