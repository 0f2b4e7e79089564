import type { BlockHash, TransactionId } from '../bytes/hash';
import { encodeHeader } from '../chain/header';
import { workHashSync } from '../chain/work';
import type { Block } from '../election/block';
import { blockFromJson, type BlockJson } from '../election/json';
import { transactionId, type Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { WorkHash } from '../mining/port';

export interface AuditedTransaction {
	readonly transaction: Transaction;
	/** What it really is. */
	readonly id: TransactionId;
	/** What the record says it is. */
	readonly statedId: TransactionId;
}

/** A block of a record, and what it really is. */
export interface AuditedBlock {
	/** Its place in the record, whatever its header says. */
	readonly height: number;
	readonly block: Block;
	/** The hash that its header really has. */
	readonly hash: BlockHash;
	/** The hash that the record says it has. */
	readonly statedHash: BlockHash;
	readonly transactions: readonly AuditedTransaction[];
}

/**
 * Reads a block and computes its hash and the IDs in it. Nobody mines a genesis: its hash is the election ID, whatever the
 * work function. Rejects with bad-record when it has not the form of a block.
 */
export async function readBlock(json: BlockJson, height: number, workHash: WorkHash): Promise<AuditedBlock> {
	const block = decode(json, height);
	const header = encodeHeader(block.header);
	return {
		height,
		block,
		hash: height === 0 ? workHashSync(header) : await workHash(header),
		statedHash: json.hash,
		transactions: block.transactions.map((transaction, index) => ({
			transaction,
			id: transactionId(transaction),
			statedId: (json.transactions[index] as { id: TransactionId }).id
		}))
	};
}

function decode(json: BlockJson, height: number): Block {
	try {
		return blockFromJson(json);
	} catch (cause) {
		if (!(cause instanceof PollenError)) throw cause;
		throw new PollenError('bad-record', `blocks.${height}: ${cause.message}`, { cause });
	}
}
