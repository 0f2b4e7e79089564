import type { BlockHash } from '../bytes/hash';
import { checkWork } from '../chain/checkHeader';
import { encodeHeader } from '../chain/header';
import { verifyInclusion } from '../chain/merkle';
import { blockFromJson, transactionFromJson } from '../election/json';
import { receiptCode } from '../election/receiptCode';
import { encodeTransaction, transactionId } from '../election/transaction';
import type { WorkHash } from '../mining/port';
import { ensure, problemOf } from './problem';
import type { ReceiptFile } from './receiptFile';
import type { AuditProblem } from './report';

/** What a receipt is checked for against itself alone, in the order in which it is shown. */
export const RECEIPT_CHECKS = ['receipt-code', 'ballot', 'block-hash', 'work', 'inclusion'] as const;

export type ReceiptCheckName = (typeof RECEIPT_CHECKS)[number];

export interface ReceiptCheckResult {
	readonly check: ReceiptCheckName;
	/** Undefined when the check passed. */
	readonly problem: AuditProblem | undefined;
}

export interface ReceiptReport {
	/** Whether every check passed. */
	readonly valid: boolean;
	readonly checks: readonly ReceiptCheckResult[];
}

/**
 * Checks a receipt against itself: that this ballot stands in a block with this header, for which work was done. It cannot
 * tell which election that is, nor that the block is on its chain: see {@link isOnChain}. Rejects with bad-encoding for what
 * `parseReceiptFile` would have refused, and with whatever `workHash` rejects with.
 */
export async function checkReceipt(
	receipt: ReceiptFile,
	{ workHash }: { readonly workHash: WorkHash }
): Promise<ReceiptReport> {
	const { header } = blockFromJson({ ...receipt.block, transactions: [] });
	const ballot = transactionFromJson(receipt.ballot);
	const hash = await workHash(encodeHeader(header));
	const code = receiptCode(receipt.nullifier);
	const id = transactionId(ballot);
	const { index, leaves, path } = receipt.inclusion;
	const included = verifyInclusion({
		leaf: encodeTransaction(ballot),
		index,
		size: leaves,
		proof: path,
		root: header.merkleRoot
	});
	const rules: Readonly<Record<ReceiptCheckName, () => void>> = {
		'receipt-code': () => ensure(receipt.receiptCode === code, 'bad-receipt', `the nullifier has the code ${code}`),
		ballot: () => {
			ensure(ballot.kind === 'ballot', 'bad-receipt', `the receipt is for a ballot, not for ${ballot.kind}`);
			const { nullifier } = ballot as { nullifier?: unknown };
			ensure(nullifier === receipt.nullifier, 'bad-receipt', `the ballot has the nullifier ${String(nullifier)}`);
			ensure(receipt.ballot.id === id, 'bad-receipt', `the ballot has the ID ${id}`);
		},
		'block-hash': () => ensure(receipt.block.hash === hash, 'bad-receipt', `the header has the hash ${hash}`),
		work: () => checkWork(header, hash),
		inclusion: () => ensure(included, 'bad-merkle-root', 'the path does not lead from the ballot to the Merkle root')
	};
	const where = { height: header.height, blockHash: hash, transactionId: id };
	const checks = RECEIPT_CHECKS.map((check) => ({ check, problem: problemOf(where, rules[check]) }));
	return { valid: checks.every(({ problem }) => problem === undefined), checks };
}

/**
 * Whether the receipt's block is on a chain, which `checkReceipt` cannot tell.
 * @param blockHashAt hash of the block at a height of that chain; undefined above its tip
 */
export function isOnChain(
	{ block }: Pick<ReceiptFile, 'block'>,
	blockHashAt: (height: number) => BlockHash | undefined
): boolean {
	return blockHashAt(block.height) === block.hash;
}
