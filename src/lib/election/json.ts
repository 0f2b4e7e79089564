import * as v from 'valibot';
import { isHash, type BlockHash, type Hash, type Nullifier, type TransactionId } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { parseAs } from '../bytes/parseAs';
import { PollenError } from '../errors/pollenError';
import type { Block } from './block';
import { isCommitment, isFieldElement } from './field';
import { MAX_BLOCK_TRANSACTIONS, MAX_CONTESTS } from './limits';
import { ABSTAIN, PROOF_LENGTH, SIGNATURE_LENGTH, transactionId, type Transaction } from './transaction';

/** A transaction as the console and a record show it; bytes are hex. `id` is a comment: reading ignores it. */
export type TransactionJson = { readonly id: TransactionId } & (
	| {
			readonly kind: 'enrolment';
			readonly rollIndex: number;
			readonly commitment: Hash;
			readonly signature: string;
	  }
	| { readonly kind: 'opening'; readonly groupSize: number; readonly groupRoot: Hash; readonly signature: string }
	| {
			readonly kind: 'ballot';
			readonly nullifier: Nullifier;
			readonly choices: readonly number[];
			readonly proof: string;
	  }
	| { readonly kind: 'closing'; readonly height: number; readonly blockHash: BlockHash; readonly signature: string }
);

/** A block as the console and a downloaded chain show it. `hash` is a comment: reading ignores it. */
export interface BlockJson {
	readonly hash: BlockHash;
	readonly height: number;
	readonly previousHash: BlockHash;
	readonly merkleRoot: Hash;
	/** Milliseconds since the epoch. */
	readonly timestamp: number;
	/** 64 hex digits, big-endian. */
	readonly target: string;
	/** Decimal. */
	readonly nonce: string;
	readonly version: number;
	readonly transactions: readonly TransactionJson[];
}

const MAX_U64 = 2n ** 64n - 1n;
const DECIMAL = /^(0|[1-9][0-9]{0,19})$/;
const LOWER_HEX = /^[0-9a-f]*$/;

function integer(maximum: number) {
	return v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(maximum));
}

const hash = v.custom<Hash>(isHash, '64 lower-case hex digits');

const nonce = v.pipe(
	v.string(),
	v.regex(DECIMAL, 'decimal digits'),
	v.transform((digits) => BigInt(digits)),
	v.check((value) => value <= MAX_U64, 'at most 64 bits')
);

const target = v.pipe(
	hash,
	v.transform((hex) => BigInt(`0x${hex}`))
);

function bytesInHex(length: number) {
	return v.pipe(v.string(), v.length(length * 2), v.regex(LOWER_HEX, 'lower-case hex'), v.transform(hexToBytes));
}

const U32 = integer(2 ** 32 - 1);
const id = v.optional(v.unknown());
const fieldElement = v.custom<Hash>((value) => isHash(value) && isFieldElement(value), 'a field element in hex');
const signature = bytesInHex(SIGNATURE_LENGTH);

const transactionSchema = v.pipe(
	v.variant('kind', [
		v.strictObject({
			id,
			kind: v.literal('enrolment'),
			rollIndex: U32,
			commitment: v.custom<Hash>((value) => isHash(value) && isCommitment(value), 'a commitment in hex'),
			signature
		}),
		v.strictObject({ id, kind: v.literal('opening'), groupSize: U32, groupRoot: fieldElement, signature }),
		v.strictObject({
			id,
			kind: v.literal('ballot'),
			nullifier: fieldElement,
			choices: v.pipe(v.array(integer(ABSTAIN)), v.minLength(1), v.maxLength(MAX_CONTESTS)),
			proof: bytesInHex(PROOF_LENGTH)
		}),
		v.strictObject({ id, kind: v.literal('closing'), height: U32, blockHash: hash, signature })
	]),
	v.transform((value): Transaction => {
		const transaction = { ...value };
		delete transaction.id;
		return transaction;
	})
);

const blockSchema = v.pipe(
	v.strictObject({
		hash: v.optional(v.unknown()),
		height: integer(2 ** 32 - 1),
		previousHash: hash,
		merkleRoot: hash,
		timestamp: integer(Number.MAX_SAFE_INTEGER),
		target,
		nonce,
		version: integer(255),
		transactions: v.array(transactionSchema)
	}),
	v.transform(({ nonce, version, height, previousHash, merkleRoot, timestamp, target, transactions }): Block => ({
		header: { nonce, version, height, previousHash, merkleRoot, timestamp, target },
		transactions
	}))
);

export function transactionToJson(transaction: Transaction): TransactionJson {
	const id = transactionId(transaction);
	if (transaction.kind === 'ballot') {
		return { id, ...transaction, choices: [...transaction.choices], proof: bytesToHex(transaction.proof) };
	}
	return { id, ...transaction, signature: bytesToHex(transaction.signature) };
}

/** @param hash of the block, which its reader may want to see and the block itself does not hold */
export function blockToJson(block: Block, hash: BlockHash): BlockJson {
	const { header } = block;
	return {
		hash,
		height: header.height,
		previousHash: header.previousHash,
		merkleRoot: header.merkleRoot,
		timestamp: header.timestamp,
		target: header.target.toString(16).padStart(64, '0'),
		nonce: header.nonce.toString(),
		version: header.version,
		transactions: block.transactions.map(transactionToJson)
	};
}

/**
 * Whether the transaction is what its `id` says does not matter here: it is judged by what it is.
 * @throws PollenError bad-encoding
 */
export function transactionFromJson(value: unknown): Transaction {
	return parseAs(transactionSchema, value, 'bad-encoding');
}

/** @throws PollenError bad-encoding, oversized */
export function blockFromJson(value: unknown): Block {
	if (countTransactions(value) > MAX_BLOCK_TRANSACTIONS) {
		throw new PollenError('oversized', `a block has at most ${MAX_BLOCK_TRANSACTIONS} transactions`);
	}
	return parseAs(blockSchema, value, 'bad-encoding');
}

/** Asked before each transaction is read, so that a huge list costs nothing. */
function countTransactions(value: unknown): number {
	if (typeof value !== 'object' || value === null || !('transactions' in value)) return 0;
	return Array.isArray(value.transactions) ? value.transactions.length : 0;
}
