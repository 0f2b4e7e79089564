import canonicalize from 'canonicalize';
import type { BlockHash, ElectionId, Hash, Nullifier, TransactionId } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import type { Header } from '../chain/header';
import { PollenError } from '../errors/pollenError';
import { BallotBook, type CountedBallot } from './ballotBook';
import { transactionsRoot, type Block } from './block';
import type { Election } from './definition';
import { Enrolments, type Enrolled } from './enrolments';
import { checkBlockSize } from './rules/checkBlockSize';
import { checkMerkleRoot } from './rules/checkMerkleRoot';
import { checkParent } from './rules/checkParent';
import { checkTransaction, type TransactionContext } from './rules/checkTransaction';
import { checkEvidence, type Evidence } from './rules/evidence';
import { transactionId, type Transaction } from './transaction';

export type { CountedBallot } from './ballotBook';
export type { Enrolled } from './enrolments';

/** Where on the chain a transaction stands. */
export interface Place {
	readonly height: number;
	readonly blockHash: BlockHash;
	/** Of the block, ms since the epoch. */
	readonly timestamp: number;
	readonly transactionId: TransactionId;
}

/** The opening that is on the chain. */
export interface PollOpening extends Place {
	readonly groupRoot: Hash;
	/** Commitments in group order. */
	readonly group: readonly Hash[];
}

/** The closing that is on the chain. */
export interface PollClosing extends Place {
	/** The last block whose ballots count. */
	readonly countedHeight: number;
	readonly countedHash: BlockHash;
}

/** A transaction that broke a rule. */
export interface Refusal {
	/** In the block. */
	readonly index: number;
	readonly error: PollenError;
}

/**
 * What the chain from genesis to one tip means: who enrolled, the group, the ballots that count, and the tally. It changes
 * block by block, each in time proportional to the transactions in that block (an opening and a closing: to the whole), and
 * every change can be undone exactly, which is what a reorg needs.
 */
export class ElectionState implements TransactionContext {
	readonly #enrolments = new Enrolments();
	readonly #book: BallotBook;
	readonly #transactionIds = new Set<TransactionId>();
	/** Hash of the block at each height. */
	readonly #hashes: BlockHash[];
	/** Merkle root of the block at each height; undefined for one that cannot be disconnected. */
	readonly #roots: (Hash | undefined)[] = [undefined];
	/** Heights of the blocks that hold transactions, ascending. */
	readonly #recordedHeights: number[] = [];
	#opening: PollOpening | undefined;
	#closing: PollClosing | undefined;
	/** With `issued`, the group: made when it is first asked for. */
	#roll: readonly Hash[] | undefined;

	/** The state at genesis. */
	constructor(
		readonly election: Election,
		readonly electionId: ElectionId
	) {
		this.#book = new BallotBook(election);
		this.#hashes = [electionId];
	}

	/** Ballots that count, by nullifier, in chain order. */
	get ballots(): ReadonlyMap<Nullifier, CountedBallot> {
		return this.#book.counted;
	}

	/** Ballots on the chain that do not count, because they stand above the block that the closing names. */
	get lateBallots(): ReadonlyMap<Nullifier, CountedBallot> {
		return this.#book.late;
	}

	/** The ballot of a credential that is on the chain, whether or not it counts. */
	recordedBallot(nullifier: Nullifier): CountedBallot | undefined {
		return this.ballots.get(nullifier) ?? this.lateBallots.get(nullifier);
	}

	/** Votes for each option of each contest. */
	get votes(): readonly (readonly number[])[] {
		return this.#book.votes;
	}

	/** Enrolments by roll index, in chain order. */
	get enrolments(): ReadonlyMap<number, Enrolled> {
		return this.#enrolments.all;
	}

	/** Number of voters whose credential is, or could become, part of the group: with `issued`, all on the roll. */
	get enrolled(): number {
		return this.election.eligibility === 'issued' ? this.election.roll.length : this.#enrolments.all.size;
	}

	get opening(): PollOpening | undefined {
		return this.#opening;
	}

	get closing(): PollClosing | undefined {
		return this.#closing;
	}

	get isFrozen(): boolean {
		return this.election.eligibility === 'issued' || this.#opening !== undefined;
	}

	get isClosed(): boolean {
		return this.#closing !== undefined;
	}

	get openedAtHeight(): number {
		return this.#opening?.height ?? 0;
	}

	/** Of the frozen group; null with `issued`, where the roll is the group, and while there is none. */
	get groupRoot(): Hash | null {
		return this.#opening?.groupRoot ?? null;
	}

	/** Commitments of the frozen group in group order; undefined while there is none. */
	get group(): readonly Hash[] | undefined {
		if (this.election.eligibility === 'issued')
			return (this.#roll ??= this.election.roll.map(({ key }) => key as Hash));
		return this.#opening?.group;
	}

	/** Height of the latest block that holds a transaction, 0 when none does. */
	get lastRecordedHeight(): number {
		return this.#recordedHeights.at(-1) ?? 0;
	}

	get height(): number {
		return this.#hashes.length - 1;
	}

	get tip(): BlockHash {
		return this.#hashes.at(-1) ?? this.electionId;
	}

	isEnrolled(rollIndex: number): boolean {
		return this.#enrolments.all.has(rollIndex);
	}

	isCommitted(commitment: Hash): boolean {
		return this.#enrolments.hasCommitment(commitment);
	}

	enrolledCommitments(): readonly Hash[] {
		return this.#enrolments.commitments();
	}

	blockHashAt(height: number): BlockHash | undefined {
		return this.#hashes[height];
	}

	/** Whether this very transaction is on the chain. */
	hasTransaction(id: TransactionId): boolean {
		return this.#transactionIds.has(id);
	}

	/**
	 * Applies the next block, or throws and changes nothing.
	 * @param hash of the block. Like the work, target and time it stands for, it is the header's matter: `checkHeader` must
	 * have passed.
	 * @throws PollenError oversized, unknown-parent, bad-height, bad-encoding, bad-merkle-root, and the codes of
	 * `checkTransaction` and `checkEvidence`.
	 */
	connectBlock(block: Block, hash: BlockHash, evidence: Evidence): void {
		checkBlockSize(block);
		checkParent(this, block.header);
		checkMerkleRoot(block.header, transactionsRoot(block.transactions));
		block.transactions.forEach((transaction, index) => {
			try {
				this.#connect(transaction, block.header, hash, evidence);
			} catch (error) {
				this.#disconnectAll(block.transactions.slice(0, index));
				throw error;
			}
		});
		this.#advance(block, hash, block.header.merkleRoot);
	}

	/**
	 * Applies those transactions of the next block that break no rule, whatever its header says, and returns the others: for
	 * an audit, which names everything that is wrong with a record. Cannot be disconnected.
	 */
	connectWhatHolds(block: Block, hash: BlockHash, evidence: Evidence): Refusal[] {
		const refusals: Refusal[] = [];
		block.transactions.forEach((transaction, index) => {
			try {
				this.#connect(transaction, { ...block.header, height: this.height + 1 }, hash, evidence);
			} catch (error) {
				if (!(error instanceof PollenError)) throw error;
				refusals.push({ index, error });
			}
		});
		this.#advance(block, hash);
		return refusals;
	}

	/**
	 * Undoes the latest {@link connectBlock}, or throws and changes nothing.
	 * @throws PollenError unknown-parent when this is not the tip, bad-height or bad-merkle-root when the block is not the
	 * one that was connected under this hash.
	 */
	disconnectBlock(block: Block, hash: BlockHash): void {
		if (hash !== this.tip || this.height === 0) {
			throw new PollenError('unknown-parent', `only the tip ${this.tip} can be disconnected, and never the genesis`);
		}
		if (block.header.height !== this.height) {
			throw new PollenError('bad-height', `the tip has height ${this.height}, this block ${block.header.height}`);
		}
		checkMerkleRoot(block.header, transactionsRoot(block.transactions));
		if (block.header.merkleRoot !== this.#roots.at(-1)) {
			throw new PollenError('bad-merkle-root', `block ${hash} was not connected as it is`);
		}
		this.#disconnectAll(block.transactions);
		if (this.lastRecordedHeight === this.height) this.#recordedHeights.pop();
		this.#hashes.pop();
		this.#roots.pop();
	}

	/** All of the state as plain values. */
	toJSON() {
		return {
			electionId: this.electionId,
			height: this.height,
			tip: this.tip,
			votes: this.votes.map((options) => [...options]),
			ballots: [...this.ballots.values()],
			lateBallots: [...this.lateBallots.values()],
			enrolments: [...this.enrolments.values()],
			opening: this.#opening ?? null,
			closing: this.#closing ?? null
		};
	}

	/** Equal exactly when two states are, order of ballots included. Costs a pass over everything. */
	digest(): Hash {
		return sha256Hash(utf8(canonicalize(this.toJSON()) ?? ''));
	}

	#advance(block: Block, hash: BlockHash, root?: Hash): void {
		this.#hashes.push(hash);
		this.#roots.push(root);
		if (block.transactions.length > 0) this.#recordedHeights.push(this.height);
	}

	/** Judges one transaction by the state that those before it have left, and applies it. */
	#connect(transaction: Transaction, { height, timestamp }: Header, blockHash: BlockHash, evidence: Evidence): void {
		const id = transactionId(transaction);
		checkTransaction(this, transaction, timestamp);
		checkEvidence(this, transaction, id, evidence);
		this.#apply(transaction, { height, blockHash, timestamp, transactionId: id });
		this.#transactionIds.add(id);
	}

	#apply(transaction: Transaction, place: Place): void {
		switch (transaction.kind) {
			case 'enrolment': {
				const { rollIndex, commitment } = transaction;
				this.#enrolments.add({ rollIndex, commitment, ...place });
				break;
			}
			case 'opening':
				this.#opening = { groupRoot: transaction.groupRoot, group: this.enrolledCommitments(), ...place };
				break;
			case 'ballot': {
				const { nullifier, choices } = transaction;
				this.#book.add({ nullifier, choices: [...choices], ...place });
				break;
			}
			case 'closing':
				this.#closing = { countedHeight: transaction.height, countedHash: transaction.blockHash, ...place };
				this.#book.cutAbove(transaction.height);
				break;
		}
	}

	#disconnectAll(transactions: readonly Transaction[]): void {
		for (const transaction of transactions.toReversed()) {
			this.#undo(transaction);
			this.#transactionIds.delete(transactionId(transaction));
		}
	}

	#undo(transaction: Transaction): void {
		switch (transaction.kind) {
			case 'enrolment': {
				const enrolled = this.#enrolments.all.get(transaction.rollIndex);
				if (enrolled) this.#enrolments.remove(enrolled);
				break;
			}
			case 'opening':
				this.#opening = undefined;
				break;
			case 'ballot': {
				const ballot = this.ballots.get(transaction.nullifier);
				if (ballot) this.#book.remove(ballot);
				break;
			}
			case 'closing':
				this.#closing = undefined;
				this.#book.restoreLate();
				break;
		}
	}
}
