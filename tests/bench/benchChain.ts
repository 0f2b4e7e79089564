import type { BlockHash } from '../../src/lib/bytes/hash';
import { nextTarget } from '../../src/lib/chain/difficulty';
import type { Header } from '../../src/lib/chain/header';
import { transactionsRoot } from '../../src/lib/election/block';
import { genesisBlock } from '../../src/lib/election/genesis';
import { blockToJson, type BlockJson } from '../../src/lib/election/json';
import type { Ballot } from '../../src/lib/election/transaction';
import { CONFIRMATIONS } from '../../src/lib/node/limits';
import { workHash } from '../e2e/support/forge';
import type { BenchElection } from './benchElection';

const STARTED_AT_MS = Date.UTC(2025, 0, 1);

/**
 * So many blocks on the genesis of a bench election, with its ballots spread over them. The last ones are empty, so that
 * no node has a reason to mine on them.
 */
export function benchChain(
	{ election, electionId }: Pick<BenchElection, 'election' | 'electionId'>,
	ballots: readonly Ballot[],
	length: number
): BlockJson[] {
	const chain: BlockJson[] = [];
	const filled = length - CONFIRMATIONS;
	let grandparent: Header | undefined;
	let parent = genesisBlock(election).header;
	let hash: BlockHash = electionId;
	for (let height = 1; height <= length; height++) {
		const share = (at: number) => Math.min(ballots.length, Math.round((ballots.length * at) / filled));
		const transactions = ballots.slice(share(height - 1), share(height));
		const header: Header = {
			nonce: 0n,
			version: 1,
			height,
			previousHash: hash,
			merkleRoot: transactionsRoot(transactions),
			timestamp: STARTED_AT_MS + height * election.blockInterval,
			target: nextTarget(election, parent, grandparent)
		};
		hash = workHash(header);
		chain.push(blockToJson({ header, transactions }, hash));
		[grandparent, parent] = [parent, header];
	}
	return chain;
}
