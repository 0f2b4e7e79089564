import { ZERO_HASH, type ElectionId, type Hash } from '../bytes/hash';
import { maxTargetOf } from '../chain/difficulty';
import { HEADER_VERSION, encodeHeader, type Header } from '../chain/header';
import { merkleRoot } from '../chain/merkle';
import { workHashSync } from '../chain/work';
import type { Block } from './block';
import { encodeElection, type Election } from './definition';

/** Of a long roll the root takes a while, and the tree, the chain's pages and the election ID want it. */
const headers = new WeakMap<Election, Header>();

/**
 * The block every chain of an election starts with. Nobody mines it: all of it follows from the definition, whose
 * encoding is the only leaf of its Merkle tree. It carries no transactions.
 * @throws PollenError bad-definition
 */
export function genesisBlock(election: Election): Block {
	let header = headers.get(election);
	if (header === undefined) {
		header = genesisHeader(election, merkleRoot([encodeElection(election)]));
		headers.set(election, header);
	}
	return { header, transactions: [] };
}

/** Takes note of the Merkle root of a definition's genesis that was found out in another thread. */
export function rememberGenesisRoot(election: Election, root: Hash): void {
	headers.set(election, genesisHeader(election, root));
}

/**
 * The election ID: the hash of the genesis block. A link that carries it pins every word of the definition.
 * @throws PollenError bad-definition
 */
export function electionIdOf(election: Election): ElectionId {
	return workHashSync(encodeHeader(genesisBlock(election).header));
}

function genesisHeader(election: Election, root: Hash): Header {
	return {
		nonce: 0n,
		version: HEADER_VERSION,
		height: 0,
		previousHash: ZERO_HASH,
		merkleRoot: root,
		timestamp: 0,
		target: maxTargetOf(election.initialDifficulty)
	};
}
