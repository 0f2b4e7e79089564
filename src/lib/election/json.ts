import * as v from 'valibot';
import { isHash, type BlockHash, type Hash, type Nullifier, type TransactionId } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { PollenError } from '../errors/pollenError';
import type { Block } from './block';
import { isFieldElement } from './field';
import { MAX_BLOCK_TRANSACTIONS, MAX_CONTESTS } from './limits';
import { ABSTAIN, PROOF_LENGTH, transactionId, type Transaction } from './transaction';

/** A ballot as the console and a downloaded chain show it. `id` is a comment: reading ignores it. */
export interface TransactionJson {
	readonly id: TransactionId;
	readonly kind: 'ballot';
	readonly nullifier: Nullifier;
	readonly choices: readonly number[];
	/** 512 hex digits. */
	readonly proof: string;
}

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

const transactionSchema = v.pipe(
	v.strictObject({
		id: v.optional(v.unknown()),
		kind: v.literal('ballot'),
		nullifier: v.custom<Nullifier>((value) => isHash(value) && isFieldElement(value), 'a field element in hex'),
		choices: v.pipe(v.array(integer(ABSTAIN)), v.minLength(1), v.maxLength(MAX_CONTESTS)),
		proof: v.pipe(v.string(), v.length(PROOF_LENGTH * 2), v.regex(LOWER_HEX, 'lower-case hex'), v.transform(hexToBytes))
	}),
	v.transform(({ kind, nullifier, choices, proof }): Transaction => ({ kind, nullifier, choices, proof }))
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
	return {
		id: transactionId(transaction),
		kind: transaction.kind,
		nullifier: transaction.nullifier,
		choices: [...transaction.choices],
		proof: bytesToHex(transaction.proof)
	};
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
	return parse(transactionSchema, value);
}

/** @throws PollenError bad-encoding, oversized */
export function blockFromJson(value: unknown): Block {
	if (countTransactions(value) > MAX_BLOCK_TRANSACTIONS) {
		throw new PollenError('oversized', `a block has at most ${MAX_BLOCK_TRANSACTIONS} transactions`);
	}
	return parse(blockSchema, value);
}

/** Asked before each transaction is read, so that a huge list costs nothing. */
function countTransactions(value: unknown): number {
	if (typeof value !== 'object' || value === null || !('transactions' in value)) return 0;
	return Array.isArray(value.transactions) ? value.transactions.length : 0;
}

function parse<Output>(schema: v.GenericSchema<unknown, Output>, value: unknown): Output {
	const result = v.safeParse(schema, value, { abortEarly: true });
	if (result.success) return result.output;
	const [issue] = result.issues;
	const path = v.getDotPath(issue);
	throw new PollenError('bad-encoding', path === null ? issue.message : `${path}: ${issue.message}`);
}
