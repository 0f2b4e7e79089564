import type { BlockHash, ElectionId, Hash, Nullifier } from '../bytes/hash';
import { inclusionProof } from '../chain/merkle';
import type { Block } from '../election/block';
import { blockToJson, transactionToJson, type BlockJson, type TransactionJson } from '../election/json';
import { receiptCode } from '../election/receiptCode';
import { encodeTransaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import { readJsonFile } from './jsonFile';
import { readReceipt } from './readReceipt';

export const RECEIPT_FORMAT = 'pollen-receipt';
export const RECEIPT_VERSION = 1;

/** Longest receipt that is read, in characters; a real one has some 3,000. */
export const MAX_RECEIPT_LENGTH = 65_536;

/**
 * What proves to a voter that their ballot stands in a block: checked against this file alone, or against a chain too. The
 * voter ID never stands in it, so that the file tells nobody who has it how somebody else voted.
 */
export interface ReceiptFile {
	readonly format: typeof RECEIPT_FORMAT;
	readonly version: typeof RECEIPT_VERSION;
	readonly electionId: ElectionId;
	readonly title: string;
	readonly receiptCode: string;
	readonly nullifier: Nullifier;
	/** The ballot itself. */
	readonly ballot: TransactionJson;
	/** The header of the block that holds it, and its hash. */
	readonly block: Omit<BlockJson, 'transactions'> & { readonly hash: BlockHash };
	/** RFC 9162 inclusion proof of the ballot in the block's Merkle tree. */
	readonly inclusion: {
		readonly index: number;
		readonly leaves: number;
		readonly path: readonly Hash[];
	};
}

/** A block, and whose receipt is wanted of it. */
export interface ReceiptParts {
	readonly electionId: ElectionId;
	/** Of the election. */
	readonly title: string;
	readonly block: Block;
	readonly blockHash: BlockHash;
	readonly nullifier: Nullifier;
}

/** @throws PollenError bad-receipt when the block holds no ballot with this nullifier */
export function receiptFileOf({ electionId, title, block, blockHash, nullifier }: ReceiptParts): ReceiptFile {
	const { transactions } = block;
	const index = transactions.findIndex(
		(transaction) => transaction.kind === 'ballot' && transaction.nullifier === nullifier
	);
	const ballot = transactions[index];
	if (!ballot) throw new PollenError('bad-receipt', `block ${blockHash} has no ballot with nullifier ${nullifier}`);
	return {
		format: RECEIPT_FORMAT,
		version: RECEIPT_VERSION,
		electionId,
		title,
		receiptCode: receiptCode(nullifier),
		nullifier,
		ballot: transactionToJson(ballot),
		block: headerToJson(block, blockHash),
		inclusion: {
			index,
			leaves: transactions.length,
			path: inclusionProof(transactions.map(encodeTransaction), index)
		}
	};
}

function headerToJson(block: Block, blockHash: BlockHash): ReceiptFile['block'] {
	const { hash, height, previousHash, merkleRoot, timestamp, target, nonce, version } = blockToJson(
		{ ...block, transactions: [] },
		blockHash
	);
	return { hash, height, previousHash, merkleRoot, timestamp, target, nonce, version };
}

/**
 * Reads a receipt that came from elsewhere. Every field has the form it should have then; whether it proves anything is for
 * `checkReceipt` to find out.
 * @throws PollenError bad-receipt, with a message that names the path of what is wrong
 */
export function parseReceiptFile(text: string): ReceiptFile {
	const value = readJsonFile(text, {
		format: RECEIPT_FORMAT,
		version: RECEIPT_VERSION,
		name: 'receipt',
		code: 'bad-receipt',
		maxLength: MAX_RECEIPT_LENGTH
	});
	return { format: RECEIPT_FORMAT, version: RECEIPT_VERSION, ...readReceipt(value) };
}
