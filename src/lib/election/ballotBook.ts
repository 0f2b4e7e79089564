import type { BlockHash, Nullifier, TransactionId } from '../bytes/hash';
import type { Election } from './definition';
import { addVotes, noVotes, removeVotes, type Votes } from './votes';

/** A ballot that is on the chain. */
export interface CountedBallot {
	readonly nullifier: Nullifier;
	readonly choices: readonly number[];
	readonly transactionId: TransactionId;
	readonly height: number;
	readonly blockHash: BlockHash;
	/** Of its block, ms since the epoch. */
	readonly timestamp: number;
}

/** The ballots of a chain in chain order: those that count, and those recorded after the block that a closing names. */
export class BallotBook {
	readonly #counted = new Map<Nullifier, CountedBallot>();
	readonly #late = new Map<Nullifier, CountedBallot>();
	readonly #votes: Votes;

	constructor(election: Election) {
		this.#votes = noVotes(election);
	}

	get counted(): ReadonlyMap<Nullifier, CountedBallot> {
		return this.#counted;
	}

	get late(): ReadonlyMap<Nullifier, CountedBallot> {
		return this.#late;
	}

	/** Votes for each option of each contest. */
	get votes(): readonly (readonly number[])[] {
		return this.#votes;
	}

	add(ballot: CountedBallot): void {
		this.#counted.set(ballot.nullifier, ballot);
		addVotes(this.#votes, ballot.choices);
	}

	remove(ballot: CountedBallot): void {
		this.#counted.delete(ballot.nullifier);
		removeVotes(this.#votes, ballot.choices);
	}

	/** Stops counting the ballots above a height. They are the last in chain order. */
	cutAbove(height: number): void {
		for (const ballot of [...this.#counted.values()].filter((counted) => counted.height > height)) {
			this.remove(ballot);
			this.#late.set(ballot.nullifier, ballot);
		}
	}

	/** Undoes {@link cutAbove}. */
	restoreLate(): void {
		for (const ballot of this.#late.values()) this.add(ballot);
		this.#late.clear();
	}
}
