import type { BlockHash, ElectionId } from '../bytes/hash';
import type { ChainEntry, HeaderTree } from '../chain/tree';
import type { DifficultyRules } from '../chain/difficulty';
import type { Clock } from '../clock/port';
import type { Block } from '../election/block';
import type { Election } from '../election/definition';
import type { ElectionState } from '../election/state';
import type { WorkHash } from '../mining/port';
import type { ProofVerifier } from '../proofs/port';
import type { ChainStore } from '../storage/port';
import type { BodyIndex } from './bodyIndex';
import type { Mempool } from './mempool';
import type { SignedClosings } from './signedClosings';
import type { Verdicts } from './verdicts';

/** The part of a node's storage that only the ledger writes. */
export type LedgerStore = Pick<ChainStore, 'loadChain' | 'loadBlock' | 'loadTransactions' | 'commit'>;

/** What the ledger needs from outside. */
export interface LedgerDependencies {
	readonly election: Election;
	readonly electionId: ElectionId;
	readonly store: LedgerStore;
	readonly verifier: ProofVerifier;
	readonly workHash: WorkHash;
	readonly clock: Clock;
}

/**
 * Everything a node knows of its chain. Only the functions of the ledger change it, one task at a time (see
 * {@link Ledger}); everybody else reads.
 */
export interface LedgerCore extends LedgerDependencies {
	readonly rules: DifficultyRules;
	readonly tree: HeaderTree;
	readonly bodies: BodyIndex;
	/** Blocks that were connected once, so that all their rules, proofs included, are known to hold. */
	readonly valid: Set<BlockHash>;
	/** The election as of the tip. */
	readonly state: ElectionState;
	readonly mempool: Mempool;
	readonly verdicts: Verdicts;
	readonly closings: SignedClosings;
	tip: ChainEntry;
}

/** A block that is accepted but not written yet, so that it and its consequences go into one storage transaction. */
export interface UnsavedBlock {
	readonly entry: ChainEntry;
	readonly block: Block;
	readonly bytes: Uint8Array;
}

export type UnsavedBlocks = Map<BlockHash, UnsavedBlock>;
