import type { ElectionId, TransactionId } from '../bytes/hash';
import { ballotMessage } from '../election/ballotMessage';
import type { IsProven } from '../election/rules/checkProven';
import { transactionId, type Transaction } from '../election/transaction';
import type { ProofVerifier } from '../proofs/port';
import { BoundedSet } from './boundedSet';

const MAX_REMEMBERED = 50_000;

/**
 * Remembers which transactions have a proof that was verified, so that nothing is proved twice: a ballot that came
 * through the mempool costs nothing when its block arrives, nor after a reorg. Keyed by transaction ID, which covers
 * every byte that the verdict depends on (the election is fixed for a node).
 */
export class Verdicts {
	readonly #proven: BoundedSet<TransactionId>;

	constructor(
		private readonly electionId: ElectionId,
		private readonly verifier: ProofVerifier,
		limit: number = MAX_REMEMBERED
	) {
		this.#proven = new BoundedSet(limit);
	}

	remember(id: TransactionId): void {
		this.#proven.add(id);
	}

	/**
	 * Verifies, as one batch, all that have no verdict yet. Resolves with the verdicts about exactly these transactions:
	 * they can be more than are remembered. Rejects only when the verifier itself fails.
	 */
	async verify(transactions: readonly Transaction[]): Promise<IsProven> {
		const proven = new Set<TransactionId>();
		const unknown = new Map<TransactionId, Transaction>();
		for (const transaction of transactions) {
			const id = transactionId(transaction);
			if (this.#proven.has(id)) proven.add(id);
			else unknown.set(id, transaction);
		}
		for (const id of await this.#verifyUnknown(unknown)) proven.add(id);
		for (const id of proven) this.remember(id);
		return (id) => proven.has(id);
	}

	async #verifyUnknown(transactions: ReadonlyMap<TransactionId, Transaction>): Promise<TransactionId[]> {
		if (transactions.size === 0) return [];
		const verdicts = await this.verifier.verify(
			[...transactions.values()].map(({ nullifier, choices, proof }) => ({
				nullifier,
				message: ballotMessage(this.electionId, choices),
				proof
			}))
		);
		return [...transactions.keys()].filter((_, index) => verdicts[index] === true);
	}
}
