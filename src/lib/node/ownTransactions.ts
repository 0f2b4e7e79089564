import type { ElectionId, TransactionId } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { ballotKey, conflictKey, decodeTransaction, transactionId, type Transaction } from '../election/transaction';
import type { Prover } from '../proofs/port';
import type { StoredReceipt, Wallet } from '../storage/port';
import type { Ledger } from './ledger';
import { RESEND_MS } from './limits';
import { isProvable } from './mempool';
import { renewBallot } from './renewBallot';

export interface OwnTransactionsDependencies {
	readonly electionId: ElectionId;
	readonly ledger: Ledger;
	readonly wallet: Wallet;
	readonly prover: Prover;
	readonly clock: Clock;
	/** Whether this node has a peer, and all that its peers know of the chain. */
	readonly isCaughtUp: () => boolean;
	/** Admits a transaction, and sees to it that it gets to others without telling them whose it is. */
	readonly cast: (transaction: Transaction) => Promise<unknown>;
}

/**
 * Sees to it that what was cast or enrolled on this device is never lost: as long as neither the chain nor the pending
 * transactions hold it, it is taken from the wallet and cast anew, from where it gets to every peer. The wallet is shared
 * by all tabs of the profile, so a ballot cast in a tab that was closed is sent by the next.
 *
 * Only a node that has caught up can tell what is missing. One that has not would announce what everybody knows already, and so
 * tell its peers whose tab this is; and whoever sees an enrolment and a ballot come from one tab knows how that voter voted. For
 * the same reason the enrolment of somebody who has voted is not sent again: without it there had been no ballot.
 *
 * A ballot that was proved for a group which the chain does not have any more is proved anew (see {@link renewBallot}).
 */
export class OwnTransactions {
	#stopped = false;
	#cancel: (() => void) | undefined;

	constructor(private readonly parts: OwnTransactionsDependencies) {}

	start(): void {
		void this.#round();
	}

	stop(): void {
		this.#stopped = true;
		this.#cancel?.();
	}

	/** IDs of what was cast or enrolled on this device and stands in no block: whether anybody else has it is not known. */
	async unrecorded(): Promise<TransactionId[]> {
		const { state } = this.parts.ledger.core;
		const { transactions } = await this.#own();
		const ids = transactions.map(transactionId);
		return ids.filter((id) => !state.hasTransaction(id));
	}

	/** Offers again what is missing. Never rejects: what is refused now may be right by a later chain, and is tried again. */
	async resend(): Promise<void> {
		const { transactions, receipts } = await this.#own();
		for (const transaction of transactions) {
			if (this.#stopped || !this.parts.isCaughtUp()) return;
			if (!this.#isKnown(transaction)) await this.#offer(transaction);
		}
		for (const receipt of receipts) {
			if (this.#stopped || !this.parts.isCaughtUp()) return;
			if (this.#isOutdated(receipt)) await renewBallot(this.parts, receipt).catch(() => undefined);
		}
	}

	async #round(): Promise<void> {
		await this.resend();
		if (!this.#stopped) this.#cancel = this.parts.clock.after(RESEND_MS, () => void this.#round());
	}

	/** What the wallet has of this election. */
	async #own(): Promise<{ transactions: Transaction[]; receipts: readonly StoredReceipt[] }> {
		const { wallet, electionId } = this.parts;
		try {
			const receipts = await wallet.loadReceipts(electionId);
			const credentials = await wallet.loadCredentials(electionId);
			const voted = new Set(receipts.map(({ voterId }) => voterId));
			const encoded = [
				...credentials.filter(({ voterId }) => !voted.has(voterId)).map(({ enrolment }) => enrolment),
				...receipts.map(({ transaction }) => transaction)
			];
			return { transactions: encoded.map(decodeTransaction), receipts };
		} catch {
			// A wallet that cannot be read now is read again in the next round.
			return { transactions: [], receipts: [] };
		}
	}

	/** Whether no block holds this ballot, nor can any: it waits, or was refused, with a proof for another group. */
	#isOutdated({ nullifier }: StoredReceipt): boolean {
		const { mempool, state, election } = this.parts.ledger.core;
		if (election.eligibility === 'issued' || !state.opening || state.isClosed || state.recordedBallot(nullifier))
			return false;
		const pending = mempool.withKey(ballotKey(nullifier));
		return !pending || !isProvable({ state }, pending);
	}

	#isKnown(transaction: Transaction): boolean {
		const { mempool, state } = this.parts.ledger.core;
		return state.hasTransaction(transactionId(transaction)) || mempool.withKey(conflictKey(transaction)) !== undefined;
	}

	async #offer(transaction: Transaction): Promise<void> {
		await this.parts.cast(transaction).catch(() => undefined);
	}
}
