import * as P from 'micro-packed';
import { decodeStrict, encodeStrict, fixedBytes, hash32, u32, u8 } from '../bytes/coders';
import type { BlockHash, Hash, Nullifier, TransactionId } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { hashLeaf } from '../chain/merkle';
import { PollenError } from '../errors/pollenError';
import { isCommitment, isFieldElement } from './field';
import { MAX_CONTESTS } from './limits';

/** A choice of no option in a contest. */
export const ABSTAIN = 255;

/** A packed Groth16 proof: eight coordinates of 32 bytes. */
export const PROOF_LENGTH = 256;

/** An Ed25519 signature (RFC 8032). */
export const SIGNATURE_LENGTH = 64;

/** A voter binds the credential that their tab made to their voter ID, once. */
export interface Enrolment {
	readonly kind: 'enrolment';
	/** Index of the voter in the roll. */
	readonly rollIndex: number;
	/** The credential's identity commitment. */
	readonly commitment: Hash;
	/** By the voter's roll key; {@link SIGNATURE_LENGTH} bytes. */
	readonly signature: Uint8Array;
}

/** The organiser freezes the group: enrolment ends, and ballots can be cast. */
export interface Opening {
	readonly kind: 'opening';
	/** Number of enrolled voters. */
	readonly groupSize: number;
	/** Merkle root of the group: the commitments in ascending order. */
	readonly groupRoot: Hash;
	readonly signature: Uint8Array;
}

/** One anonymous vote. It holds no time, no voter ID and no peer ID, because each of them could tell who cast it. */
export interface Ballot {
	readonly kind: 'ballot';
	readonly nullifier: Nullifier;
	/** One option index a contest, or {@link ABSTAIN}. */
	readonly choices: readonly number[];
	/** {@link PROOF_LENGTH} bytes. */
	readonly proof: Uint8Array;
}

/** The organiser names the last block whose ballots count, which makes the result final. */
export interface Closing {
	readonly kind: 'closing';
	readonly height: number;
	readonly blockHash: BlockHash;
	readonly signature: Uint8Array;
}

/** What a block carries. */
export type Transaction = Enrolment | Opening | Ballot | Closing;

/** A transaction whose evidence is a signature. */
export type SignedTransaction = Enrolment | Opening | Closing;

const nullifier = P.validate(hash32, (value) => {
	if (!isFieldElement(value)) throw new PollenError('bad-encoding', 'the nullifier is not a canonical field element');
	return value;
});

const commitment = P.validate(hash32, (value) => {
	if (!isCommitment(value)) throw new PollenError('bad-encoding', 'the commitment is zero or no field element');
	return value;
});

const groupRoot = P.validate(hash32, (value) => {
	if (!isFieldElement(value)) throw new PollenError('bad-encoding', 'the root is not a canonical field element');
	return value;
});

const choices = P.apply(P.bytes(u8), {
	encode: (bytes) => readChoices(bytes),
	decode: (values: readonly number[]) => Uint8Array.from(readChoices(values))
});

const signature = fixedBytes(SIGNATURE_LENGTH);

/** The first byte is the kind. It leads to the rest, so a new kind is one more line here. */
const taggedCoder = P.mappedTag(u8, {
	enrolment: [1, P.struct({ rollIndex: u32, commitment, signature })],
	opening: [2, P.struct({ groupSize: u32, groupRoot, signature })],
	ballot: [3, P.struct({ nullifier, choices, proof: fixedBytes(PROOF_LENGTH) })],
	closing: [4, P.struct({ height: u32, blockHash: hash32, signature })]
});

type Tagged = P.UnwrapCoder<typeof taggedCoder>;

/** Composes into the coder of a block. */
export const transactionCoder: P.CoderType<Transaction> = P.apply(taggedCoder, {
	encode: ({ TAG, data }) => ({ kind: TAG, ...data }) as Transaction,
	decode: ({ kind, ...data }: Transaction) => ({ TAG: kind, data }) as Tagged
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

/** What follows from a transaction. */
interface Derived {
	readonly bytes: Uint8Array;
	id?: TransactionId;
	leafHash?: Uint8Array;
	conflictKey?: string;
}

/**
 * Between its arrival and its place on the chain a transaction is asked for its encoding and its ID some ten times, by different
 * rules and for storage, and for its leaf with every template and whenever a block is looked at; so they are remembered.
 */
const derived = new WeakMap<Transaction, Derived>();

function derivedOf(transaction: Transaction): Derived {
	let known = derived.get(transaction);
	if (known === undefined) {
		known = { bytes: encodeStrict(transactionCoder, transaction, 'transaction') };
		derived.set(transaction, known);
	}
	return known;
}

/**
 * The result, like the transaction itself from now on, must not be changed.
 * @throws PollenError bad-encoding when a field has no encoding
 */
export function encodeTransaction(transaction: Transaction): Uint8Array {
	return derivedOf(transaction).bytes;
}

/** About 6 MB of ballots. */
const MAX_RECENT = 4_096;

/**
 * What was decoded last. A transaction comes by itself, again in its block, and perhaps in another: each time it is the same object,
 * of which nothing has to be found out, or held, twice. Two with one ID have the same bytes, whoever sent them.
 */
const recent = new Map<TransactionId, Transaction>();

/** @throws PollenError bad-encoding for anything that {@link encodeTransaction} would not have written. */
export function decodeTransaction(bytes: Uint8Array): Transaction {
	return decodeHashed(bytes, sha256Hash(bytes));
}

/**
 * {@link decodeTransaction} for whoever has hashed the bytes already.
 * @param id SHA-256 of exactly these bytes
 * @throws PollenError bad-encoding
 */
export function decodeHashed(bytes: Uint8Array, id: TransactionId): Transaction {
	return recent.get(id) ?? keep(decodeStrict(transactionCoder, bytes, 'transaction'), bytes, id);
}

/** What was decoded from these bytes as a part of something larger, or the same from an earlier time. */
export function decodedAs(transaction: Transaction, bytes: Uint8Array): Transaction {
	const id: TransactionId = sha256Hash(bytes);
	return recent.get(id) ?? keep(transaction, bytes, id);
}

function keep(transaction: Transaction, bytes: Uint8Array, id: TransactionId): Transaction {
	// Strict decoding takes one encoding only, so that these are what encoding would give. A copy: they may stand in a larger buffer.
	derived.set(transaction, { bytes: new Uint8Array(bytes), id });
	recent.set(id, transaction);
	if (recent.size > MAX_RECENT) recent.delete(recent.keys().next().value as TransactionId);
	return transaction;
}

/**
 * SHA-256 of the encoding. Proofs are malleable: a ballot can come under several IDs, but its nullifier stays, so
 * ballots are told apart by nullifier and verdicts about proofs are kept by ID.
 * @throws PollenError bad-encoding
 */
export function transactionId(transaction: Transaction): TransactionId {
	const known = derivedOf(transaction);
	return (known.id ??= sha256Hash(known.bytes));
}

/**
 * What stands for it in the Merkle tree of a block; must not be changed.
 * @throws PollenError bad-encoding
 */
export function leafHashOf(transaction: Transaction): Uint8Array {
	const known = derivedOf(transaction);
	return (known.leafHash ??= hashLeaf(known.bytes));
}

/** Length of the encoding in bytes, known without encoding. */
export function transactionLength(transaction: Transaction): number {
	const KIND = 1;
	switch (transaction.kind) {
		case 'enrolment':
		case 'opening':
		case 'closing':
			return KIND + 4 + 32 + SIGNATURE_LENGTH;
		case 'ballot':
			return KIND + 32 + 1 + transaction.choices.length + PROOF_LENGTH;
	}
}

/**
 * What can be on a chain once: a voter's enrolment, a credential's ballot, the opening, the closing. Two transactions with
 * the same key exclude each other.
 * @throws PollenError bad-encoding
 */
export function conflictKey(transaction: Transaction): string {
	return (derivedOf(transaction).conflictKey ??= conflictKeyOf(transaction));
}

function conflictKeyOf(transaction: Transaction): string {
	switch (transaction.kind) {
		case 'enrolment':
			return enrolmentKey(transaction.rollIndex);
		case 'ballot':
			return ballotKey(transaction.nullifier);
		case 'opening':
		case 'closing':
			return transaction.kind;
	}
}

/** The {@link conflictKey} of the enrolment of one voter. */
export function enrolmentKey(rollIndex: number): string {
	return `enrolment ${rollIndex}`;
}

/** The {@link conflictKey} of the ballot of one credential. */
export function ballotKey(nullifier: Nullifier): string {
	return `ballot ${nullifier}`;
}
