import type { ChainEntry } from '../chain/tree';
import { decodeBlock, transactionsRoot, type Block } from '../election/block';
import { checkMerkleRoot } from '../election/rules/checkMerkleRoot';
import { PollenError } from '../errors/pollenError';
import type { ChainStore } from '../storage/port';

/**
 * Reads the body of a known header. Rejects with storage-failed when the store no longer has it as it was: whatever
 * stands there now is this device's fault, and must not be held against the block.
 */
export async function loadBody(store: Pick<ChainStore, 'loadBlock'>, entry: ChainEntry): Promise<Block> {
	const stored = await store.loadBlock(entry.hash);
	if (!stored) throw new PollenError('storage-failed', `the body of block ${entry.hash} is gone from storage`);
	try {
		const { transactions } = decodeBlock(stored.bytes);
		checkMerkleRoot(entry.header, transactionsRoot(transactions));
		return { header: entry.header, transactions };
	} catch (cause) {
		throw new PollenError('storage-failed', `the body of block ${entry.hash} is damaged`, { cause });
	}
}
