import type { BlockHash, Hash, TransactionId } from '../bytes/hash';

/** A voter's enrolment that is on the chain. */
export interface Enrolled {
	readonly rollIndex: number;
	readonly commitment: Hash;
	readonly transactionId: TransactionId;
	readonly height: number;
	readonly blockHash: BlockHash;
	/** Of its block, ms since the epoch. */
	readonly timestamp: number;
}

/** Who has enrolled, in chain order. */
export class Enrolments {
	readonly #byRollIndex = new Map<number, Enrolled>();
	readonly #commitments = new Set<Hash>();
	/** As long as nobody else enrols. */
	#sorted: readonly Hash[] | undefined;

	get all(): ReadonlyMap<number, Enrolled> {
		return this.#byRollIndex;
	}

	hasCommitment(commitment: Hash): boolean {
		return this.#commitments.has(commitment);
	}

	/** The group that an opening freezes: lower-case hex of one length sorts like the numbers it stands for. */
	commitments(): readonly Hash[] {
		return (this.#sorted ??= [...this.#commitments].sort());
	}

	add(enrolled: Enrolled): void {
		this.#byRollIndex.set(enrolled.rollIndex, enrolled);
		this.#commitments.add(enrolled.commitment);
		this.#sorted = undefined;
	}

	remove({ rollIndex, commitment }: Enrolled): void {
		this.#byRollIndex.delete(rollIndex);
		this.#commitments.delete(commitment);
		this.#sorted = undefined;
	}
}
