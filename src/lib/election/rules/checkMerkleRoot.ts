import type { Hash } from '../../bytes/hash';
import type { Header } from '../../chain/header';
import { PollenError } from '../../errors/pollenError';

/**
 * The header, and so the work, must be about exactly these transactions in this order.
 * @param root of the block's transactions; of the genesis, that of the definition
 * @throws PollenError bad-merkle-root
 */
export function checkMerkleRoot(header: Header, root: Hash): void {
	if (header.merkleRoot !== root) {
		throw new PollenError('bad-merkle-root', `the header states ${header.merkleRoot}, the transactions give ${root}`);
	}
}
