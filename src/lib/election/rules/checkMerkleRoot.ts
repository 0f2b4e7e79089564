import type { Header } from '../../chain/header';
import { merkleRootOfHashes } from '../../chain/merkle';
import { PollenError } from '../../errors/pollenError';

/**
 * The header, and so the work, must be about exactly these transactions in this order.
 * @param leafHashes of the encoded transactions
 * @throws PollenError bad-merkle-root
 */
export function checkMerkleRoot(header: Header, leafHashes: readonly Uint8Array[]): void {
	const root = merkleRootOfHashes(leafHashes);
	if (header.merkleRoot !== root) {
		throw new PollenError('bad-merkle-root', `the header states ${header.merkleRoot}, the transactions give ${root}`);
	}
}
