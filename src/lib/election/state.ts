import canonicalize from 'canonicalize';
import type { BlockHash, ElectionId, Hash, Nullifier, TransactionId } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';
import type { Block } from './block';
import type { Election } from './definition';
import { checkBallot } from './rules/checkBallot';
import { checkBlockSize } from './rules/checkBlockSize';
import { checkMerkleRoot } from './rules/checkMerkleRoot';
import { checkParent } from './rules/checkParent';
import { checkProven, type IsProven } from './rules/checkProven';
import { checkUnused } from './rules/checkUnused';
import { encodeTransaction } from './transaction';
import { addVotes, noVotes, removeVotes, type Votes } from './votes';

/** A ballot that is on the chain and counts. */
export interface CountedBallot {
	readonly nullifier: Nullifier;
	readonly choices: readonly number[];
	readonly transactionId: TransactionId;
	readonly height: number;
	readonly blockHash: BlockHash;
	/** Of its block, ms since the epoch. */
	readonly timestamp: number;
}

/**
 * What the chain from genesis to one tip means: the ballots that count, and the tally. It changes block by block, each in
 * time proportional to the ballots in that block, and every change can be undone exactly, which is what a reorg needs.
 */
export class ElectionState {
	readonly #ballots = new Map<Nullifier, CountedBallot>();
	readonly #transactionIds = new Set<TransactionId>();
	/** Heights of the blocks that hold ballots, ascending. */
	readonly #ballotHeights: number[] = [];
	readonly #votes: Votes;
	#height = 0;
	#tip: BlockHash;

	/** The state at genesis. */
	constructor(
		readonly election: Election,
		readonly electionId: ElectionId
	) {
		this.#votes = noVotes(election);
		this.#tip = electionId;
	}

	/** Ballots that count, by nullifier, in chain order. */
	get ballots(): ReadonlyMap<Nullifier, CountedBallot> {
		return this.#ballots;
	}

	/** Votes for each option of each contest. */
	get votes(): readonly (readonly number[])[] {
		return this.#votes;
	}

	/** Height of the latest block that holds a ballot, 0 when none does. */
	get lastBallotHeight(): number {
		return this.#ballotHeights.at(-1) ?? 0;
	}

	/** Whether this very transaction is on the chain. */
	hasTransaction(id: TransactionId): boolean {
		return this.#transactionIds.has(id);
	}

	get height(): number {
		return this.#height;
	}

	get tip(): BlockHash {
		return this.#tip;
	}

	/**
	 * Applies the next block, or throws and changes nothing.
	 * @param hash of the block. Like the work, target and time it stands for, it is the header's matter: `checkHeader` must
	 * have passed.
	 * @throws PollenError oversized, unknown-parent, bad-height, bad-encoding, bad-merkle-root, and for a ballot
	 * poll-not-open, poll-closed, unknown-option, no-choice, duplicate-nullifier, bad-proof.
	 */
	connectBlock(block: Block, hash: BlockHash, isProven: IsProven): void {
		const ballots = this.#checkBlock(block, hash, isProven);
		for (const ballot of ballots.values()) {
			this.#ballots.set(ballot.nullifier, ballot);
			this.#transactionIds.add(ballot.transactionId);
			addVotes(this.#votes, ballot.choices);
		}
		if (ballots.size > 0) this.#ballotHeights.push(block.header.height);
		this.#height = block.header.height;
		this.#tip = hash;
	}

	/**
	 * Undoes the latest {@link connectBlock}, or throws and changes nothing.
	 * @throws PollenError unknown-parent when this is not the tip, bad-height or bad-merkle-root when the block is not the
	 * one that was connected under this hash.
	 */
	disconnectBlock(block: Block, hash: BlockHash): void {
		if (hash !== this.#tip || this.#height === 0) {
			throw new PollenError('unknown-parent', `only the tip ${this.#tip} can be disconnected, and never the genesis`);
		}
		if (block.header.height !== this.#height) {
			throw new PollenError('bad-height', `the tip has height ${this.#height}, this block ${block.header.height}`);
		}
		checkMerkleRoot(block.header, block.transactions.map(encodeTransaction));
		for (const ballot of this.#countedBy(block, hash)) {
			this.#ballots.delete(ballot.nullifier);
			this.#transactionIds.delete(ballot.transactionId);
			removeVotes(this.#votes, ballot.choices);
		}
		if (this.lastBallotHeight === this.#height) this.#ballotHeights.pop();
		this.#height -= 1;
		this.#tip = block.header.previousHash;
	}

	/** All of the state as plain values. */
	toJSON() {
		return {
			electionId: this.electionId,
			height: this.#height,
			tip: this.#tip,
			votes: this.#votes.map((options) => [...options]),
			ballots: [...this.#ballots.values()]
		};
	}

	/** Equal exactly when two states are, order of ballots included. Costs a pass over all ballots. */
	digest(): Hash {
		return sha256Hash(utf8(canonicalize(this.toJSON()) ?? ''));
	}

	/** Every rule for a block; returns the ballots it adds. */
	#checkBlock(block: Block, hash: BlockHash, isProven: IsProven): Map<Nullifier, CountedBallot> {
		checkBlockSize(block);
		checkParent(this, block.header);
		const leaves = block.transactions.map(encodeTransaction);
		checkMerkleRoot(block.header, leaves);
		const { height, timestamp } = block.header;
		const added = new Map<Nullifier, CountedBallot>();
		block.transactions.forEach((ballot, index) => {
			const transactionId = sha256Hash(leaves[index] ?? encodeTransaction(ballot));
			checkBallot(this, ballot, timestamp);
			checkUnused(added, ballot.nullifier);
			checkProven(transactionId, isProven);
			const { nullifier, choices } = ballot;
			added.set(nullifier, { nullifier, choices: [...choices], transactionId, height, blockHash: hash, timestamp });
		});
		return added;
	}

	/** The ballots that a block added, all found before any is taken away. */
	#countedBy(block: Block, hash: BlockHash): CountedBallot[] {
		return block.transactions.map(({ nullifier }) => {
			const ballot = this.#ballots.get(nullifier);
			if (ballot?.blockHash !== hash) {
				throw new PollenError('bad-merkle-root', `ballot ${nullifier} was not connected with block ${hash}`);
			}
			return ballot;
		});
	}
}
