import { PollenError } from '../../errors/pollenError';
import { blockLength, type Block } from '../block';
import { MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS } from '../limits';

/**
 * A block must fit into a message and be checked in a moment.
 * @throws PollenError oversized
 */
export function checkBlockSize(block: Block): void {
	if (block.transactions.length > MAX_BLOCK_TRANSACTIONS) {
		throw new PollenError('oversized', `a block has at most ${MAX_BLOCK_TRANSACTIONS} transactions`);
	}
	if (blockLength(block) > MAX_BLOCK_BYTES) {
		throw new PollenError('oversized', `a block has at most ${MAX_BLOCK_BYTES} bytes`);
	}
}
