import type { TransactionId } from '../bytes/hash';
import { encodeTransaction, transactionId, type Closing } from '../election/transaction';
import { MAX_CLOSINGS } from './limits';

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

	get size(): number {
		return this.#byId.size;
	}

	/** Whether no further closing is noted. */
	get isFull(): boolean {
		return this.size >= MAX_CLOSINGS;
	}

	/** Whether a closing names a block of which something holds. Where more are signed than noted, any block may be named. */
	mayName(isSuch: (named: Pick<Closing, 'height' | 'blockHash'>) => boolean): boolean {
		return this.isFull || this.all.some(({ closing }) => isSuch(closing));
	}

	has(id: TransactionId): boolean {
		return this.#byId.has(id);
	}

	get(id: TransactionId): HeardClosing | undefined {
		return this.#byId.get(id);
	}

	/** @param closing whose signature holds. Returns whether it is new. */
	add(closing: Closing): boolean {
		const id = transactionId(closing);
		if (this.#byId.has(id) || this.isFull) return false;
		this.#byId.set(id, { id, closing, bytes: encodeTransaction(closing) });
		return true;
	}
}
