import type { BlockHash } from '../bytes/hash';
import { encodeHeader } from '../chain/header';
import { encodeBlock, transactionsRoot, type Block } from '../election/block';
import { checkBlockSize } from '../election/rules/checkBlockSize';
import { checkMerkleRoot } from '../election/rules/checkMerkleRoot';
import type { LedgerCore } from './ledgerCore';

/** A block of which is known what can be known without a chain: its hash, and that header and body belong together. */
export interface PreparedBlock {
	readonly block: Block;
	readonly hash: BlockHash;
	readonly bytes: Uint8Array;
}

/**
 * Does the part of judging a block that depends on nothing else, so that it need not wait for its turn. Rejects with oversized,
 * bad-encoding, bad-merkle-root.
 */
export async function prepareBlock({ workHash }: Pick<LedgerCore, 'workHash'>, block: Block): Promise<PreparedBlock> {
	checkBlockSize(block);
	checkMerkleRoot(block.header, transactionsRoot(block.transactions));
	return { block, hash: await workHash(encodeHeader(block.header)), bytes: encodeBlock(block) };
}
