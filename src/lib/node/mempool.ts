import type { Nullifier, TransactionId } from '../bytes/hash';
import { encodeTransaction, type Ballot, type Transaction } from '../election/transaction';

export interface PendingTransaction {
	readonly id: TransactionId;
	readonly transaction: Ballot;
	readonly bytes: Uint8Array;
	/** When this node accepted it, ms since the epoch. */
	readonly receivedAt: number;
}

/**
 * Ballots that are valid and wait to be recorded, in the order this node accepted them. At most one a nullifier: since
 * every one was proved, their number is bounded by the size of the group.
 */
export class Mempool {
	readonly #byNullifier = new Map<Nullifier, PendingTransaction>();
	readonly #byId = new Map<TransactionId, PendingTransaction>();

	get size(): number {
		return this.#byId.size;
	}

	has(id: TransactionId): boolean {
		return this.#byId.has(id);
	}

	get(id: TransactionId): PendingTransaction | undefined {
		return this.#byId.get(id);
	}

	withNullifier(nullifier: Nullifier): PendingTransaction | undefined {
		return this.#byNullifier.get(nullifier);
	}

	all(): PendingTransaction[] {
		return [...this.#byId.values()];
	}

	add(pending: PendingTransaction): void {
		this.#byNullifier.set(pending.transaction.nullifier, pending);
		this.#byId.set(pending.id, pending);
	}

	remove(id: TransactionId): void {
		const pending = this.#byId.get(id);
		if (!pending) return;
		this.#byId.delete(id);
		this.#byNullifier.delete(pending.transaction.nullifier);
	}
}

export function pendingTransaction(
	transaction: Transaction,
	id: TransactionId,
	receivedAt: number
): PendingTransaction {
	return { id, transaction, bytes: encodeTransaction(transaction), receivedAt };
}
