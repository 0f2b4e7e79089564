import type { BlockHash, TransactionId } from '../bytes/hash';
import { encodeTransaction, transactionId, type Closing } from '../election/transaction';

/** An organiser who signs more than this has made the point. */
const MAX_CLOSINGS = 8;

export interface HeardClosing {
	readonly id: TransactionId;
	readonly closing: Closing;
	readonly bytes: Uint8Array;
}

/**
 * Every closing with a valid signature that this node has heard of, on whatever chain. Where one is known that our chain does
 * not hold, some other chain may hold it, and outrank ours; where two are known, the organiser has said two things.
 */
export class SignedClosings {
	readonly #byId = new Map<TransactionId, HeardClosing>();

	get all(): readonly HeardClosing[] {
		return [...this.#byId.values()];
	}

	/** Whether no further closing is noted. */
	get isFull(): boolean {
		return this.#byId.size >= MAX_CLOSINGS;
	}

	has(id: TransactionId): boolean {
		return this.#byId.has(id);
	}

	get(id: TransactionId): HeardClosing | undefined {
		return this.#byId.get(id);
	}

	names(hash: BlockHash): boolean {
		return this.all.some(({ closing }) => closing.blockHash === hash);
	}

	/** @param closing whose signature holds. Returns whether it is new. */
	add(closing: Closing): boolean {
		const id = transactionId(closing);
		if (this.#byId.has(id) || this.isFull) return false;
		this.#byId.set(id, { id, closing, bytes: encodeTransaction(closing) });
		return true;
	}
}
