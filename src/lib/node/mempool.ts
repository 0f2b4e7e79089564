import type { Hash, TransactionId } from '../bytes/hash';
import { conflictKey, encodeTransaction, type Transaction } from '../election/transaction';

export interface PendingTransaction {
	readonly id: TransactionId;
	readonly transaction: Transaction;
	readonly bytes: Uint8Array;
	/** When this node accepted it, ms since the epoch. */
	readonly receivedAt: number;
	/** Root of the group for which a ballot was proved; null for the roll, and for all else. */
	readonly groupRoot: Hash | null;
}

/**
 * Transactions that are valid and wait to be recorded, in the order this node accepted them. Of those that exclude each
 * other there is one: since every ballot was proved and all else signed, their number is bounded by the size of the roll.
 */
export class Mempool {
	readonly #byConflictKey = new Map<string, PendingTransaction>();
	readonly #byId = new Map<TransactionId, PendingTransaction>();
	readonly #commitments = new Set<Hash>();
	#revision = 0;

	/** Another number after every change. */
	get revision(): number {
		return this.#revision;
	}

	get size(): number {
		return this.#byId.size;
	}

	has(id: TransactionId): boolean {
		return this.#byId.has(id);
	}

	get(id: TransactionId): PendingTransaction | undefined {
		return this.#byId.get(id);
	}

	/** What is pending and excludes `transaction`, be it the same one. */
	conflicting(transaction: Transaction): PendingTransaction | undefined {
		return this.withKey(conflictKey(transaction));
	}

	/** What is pending under a {@link conflictKey}. */
	withKey(key: string): PendingTransaction | undefined {
		return this.#byConflictKey.get(key);
	}

	/** Whether somebody waits to be enrolled with this commitment. */
	hasCommitment(commitment: Hash): boolean {
		return this.#commitments.has(commitment);
	}

	all(): PendingTransaction[] {
		return [...this.#byId.values()];
	}

	add(pending: PendingTransaction): void {
		const { transaction } = pending;
		this.#revision++;
		this.#byConflictKey.set(conflictKey(transaction), pending);
		this.#byId.set(pending.id, pending);
		if (transaction.kind === 'enrolment') this.#commitments.add(transaction.commitment);
	}

	remove(id: TransactionId): void {
		const pending = this.#byId.get(id);
		if (!pending) return;
		const { transaction } = pending;
		this.#revision++;
		this.#byId.delete(id);
		this.#byConflictKey.delete(conflictKey(transaction));
		if (transaction.kind === 'enrolment') this.#commitments.delete(transaction.commitment);
	}
}

/** Whether a ballot was proved for the group as it is now. To a peer on the same chain, one that was not is a false one. */
export function isProvable(
	{ state }: { readonly state: { readonly groupRoot: Hash | null } },
	{ transaction, groupRoot }: PendingTransaction
): boolean {
	return transaction.kind !== 'ballot' || groupRoot === state.groupRoot;
}

export function pendingTransaction(
	transaction: Transaction,
	id: TransactionId,
	receivedAt: number,
	groupRoot: Hash | null = null
): PendingTransaction {
	return { id, transaction, bytes: encodeTransaction(transaction), receivedAt, groupRoot };
}
