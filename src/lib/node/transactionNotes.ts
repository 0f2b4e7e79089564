import type { TransactionId } from '../bytes/hash';

/** What may be noted of a transaction with regard to one peer; several at a time. */
const TOLD = 1;
const HELD = 2;
const SENT = 4;

/** What one peer and we have said to each other of transactions. Forgets the oldest beyond a limit. */
export class TransactionNotes {
	/** One entry for all that is noted of a transaction: there are as many as transactions are pending, for each peer. */
	readonly #notes = new Map<TransactionId, number>();

	constructor(private readonly limit: number) {}

	/** Whether the peer told us of it, or was told: then it is not announced to it. */
	isTold(id: TransactionId): boolean {
		return this.#has(id, TOLD);
	}

	/** Whether the peer is known to hold it, because it told us of it, or sent it, or was sent it. */
	isHeld(id: TransactionId): boolean {
		return this.#has(id, HELD);
	}

	/** Whether it was sent to the peer: then it is not sent again. */
	isSent(id: TransactionId): boolean {
		return this.#has(id, SENT);
	}

	/** The peer was told of it. */
	noteTold(id: TransactionId): void {
		this.#note(id, TOLD);
	}

	/** The peer told us of it. */
	noteAnnounced(id: TransactionId): void {
		this.#note(id, TOLD | HELD);
	}

	/** The peer sent it to us. */
	noteReceived(id: TransactionId): void {
		this.#note(id, HELD);
	}

	/** It was sent to the peer. */
	noteSent(id: TransactionId): void {
		this.#note(id, HELD | SENT);
	}

	forget(id: TransactionId): void {
		this.#notes.delete(id);
	}

	/** From now on everything may be sent to the peer again. */
	forgetSent(): void {
		for (const [id, notes] of this.#notes) this.#notes.set(id, notes & ~SENT);
	}

	#has(id: TransactionId, note: number): boolean {
		return ((this.#notes.get(id) ?? 0) & note) !== 0;
	}

	#note(id: TransactionId, notes: number): void {
		this.#notes.set(id, (this.#notes.get(id) ?? 0) | notes);
		if (this.#notes.size <= this.limit) return;
		const [oldest] = this.#notes.keys();
		if (oldest !== undefined) this.#notes.delete(oldest);
	}
}
