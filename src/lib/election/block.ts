import * as P from 'micro-packed';
import { decodeStrict, encodeStrict, u16 } from '../bytes/coders';
import type { Hash } from '../bytes/hash';
import { HEADER_LENGTH, headerCoder, type Header } from '../chain/header';
import { merkleRootOfHashes } from '../chain/merkle';
import { PollenError } from '../errors/pollenError';
import { MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS } from './limits';
import { decodedAs, leafHashOf, transactionCoder, transactionLength, type Transaction } from './transaction';

export { MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS } from './limits';

export interface Block {
	readonly header: Header;
	readonly transactions: readonly Transaction[];
}

const COUNT_LENGTH = 2;

/** Bytes of an encoded block before its first transaction. */
export const EMPTY_BLOCK_BYTES = HEADER_LENGTH + COUNT_LENGTH;

const blockCoder = P.struct({ header: headerCoder, transactions: P.array(u16, transactionCoder) });

/** Of blocks that were decoded: what has arrived is hashed, connected and written with the bytes that it arrived in. */
const encodings = new WeakMap<Block, Uint8Array>();

/**
 * Writes a block of any size: whether it is too large is a rule, and tests of that rule need such blocks. The result, like the
 * block itself, must not be changed.
 * @throws PollenError bad-encoding when a field has no encoding.
 */
export function encodeBlock(block: Block): Uint8Array {
	return (
		encodings.get(block) ??
		encodeStrict(blockCoder, { header: block.header, transactions: [...block.transactions] }, 'block')
	);
}

/** @throws PollenError oversized, before anything is decoded; bad-encoding */
export function decodeBlock(bytes: Uint8Array): Block {
	if (bytes.length > MAX_BLOCK_BYTES) {
		throw new PollenError('oversized', `a block has at most ${MAX_BLOCK_BYTES} bytes, this one ${bytes.length}`);
	}
	if (claimedTransactions(bytes) > MAX_BLOCK_TRANSACTIONS) {
		throw new PollenError('oversized', `a block has at most ${MAX_BLOCK_TRANSACTIONS} transactions`);
	}
	const { header, transactions } = decodeStrict(blockCoder, bytes, 'block');
	let start = EMPTY_BLOCK_BYTES;
	const block = {
		header,
		transactions: transactions.map((transaction) => {
			const end = start + transactionLength(transaction);
			const known = decodedAs(transaction, bytes.subarray(start, end));
			start = end;
			return known;
		})
	};
	encodings.set(block, new Uint8Array(bytes));
	return block;
}

/** The count as it stands in the bytes; 0 when they end before it, which decoding then refuses. */
function claimedTransactions(bytes: Uint8Array): number {
	return (bytes[HEADER_LENGTH] ?? 0) * 256 + (bytes[HEADER_LENGTH + 1] ?? 0);
}

/** Length of the encoding in bytes, without encoding anything. */
export function blockLength(block: Block): number {
	return block.transactions.reduce((sum, transaction) => sum + transactionLength(transaction), EMPTY_BLOCK_BYTES);
}

/**
 * Merkle root over the encoded transactions: what the header of a block that is not the genesis must state.
 * @throws PollenError bad-encoding
 */
export function transactionsRoot(transactions: readonly Transaction[]): Hash {
	return merkleRootOfHashes(transactions.map(leafHashOf));
}
