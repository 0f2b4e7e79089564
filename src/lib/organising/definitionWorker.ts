import type { ElectionId, Hash } from '../bytes/hash';
import { decodeElection } from '../election/definition';
import { electionIdOf, genesisBlock } from '../election/genesis';
import { settle, type Outcome } from '../proofs/outcome';

/** What is found out about bytes that stand for a definition. */
export interface CheckedDefinition {
	readonly electionId: ElectionId;
	readonly genesisRoot: Hash;
}

/** What a definition worker does for the page. */
export interface DefinitionWorkerApi {
	/** Rejects with bad-definition. */
	check(bytes: Uint8Array): Promise<Outcome<CheckedDefinition>>;
}

/** The inside of a definition worker. */
export function definitionWorker(): DefinitionWorkerApi {
	return {
		check: (bytes) =>
			settle(() => {
				const election = decodeElection(bytes);
				return { electionId: electionIdOf(election), genesisRoot: genesisBlock(election).header.merkleRoot };
			})
	};
}
