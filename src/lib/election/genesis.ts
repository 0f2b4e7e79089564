import { ZERO_HASH, type ElectionId } from '../bytes/hash';
import { maxTargetOf } from '../chain/difficulty';
import { HEADER_VERSION, encodeHeader } from '../chain/header';
import { merkleRoot } from '../chain/merkle';
import { workHashSync } from '../chain/work';
import type { Block } from './block';
import { encodeElection, type Election } from './definition';

/**
 * The block every chain of an election starts with. Nobody mines it: all of it follows from the definition, whose
 * encoding is the only leaf of its Merkle tree. It carries no transactions.
 * @throws PollenError bad-definition
 */
export function genesisBlock(election: Election): Block {
	return {
		header: {
			nonce: 0n,
			version: HEADER_VERSION,
			height: 0,
			previousHash: ZERO_HASH,
			merkleRoot: merkleRoot([encodeElection(election)]),
			timestamp: 0,
			target: maxTargetOf(election.initialDifficulty)
		},
		transactions: []
	};
}

/**
 * The election ID: the hash of the genesis block. A link that carries it pins every word of the definition.
 * @throws PollenError bad-definition
 */
export function electionIdOf(election: Election): ElectionId {
	return workHashSync(encodeHeader(genesisBlock(election).header));
}
