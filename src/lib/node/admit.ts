import { checkBallot } from '../election/rules/checkBallot';
import { transactionId, type Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { Durability } from '../storage/port';
import type { LedgerCore } from './ledgerCore';
import { pendingTransaction, type PendingTransaction } from './mempool';

/** `known`: this very transaction is pending or recorded already. */
export type Admission = 'added' | 'known';

/**
 * Admits transactions to the mempool, their proofs verified as one batch and written in one storage transaction.
 * Returns one result each, in order: a refusal is a PollenError. Rejects as a whole, changing nothing, only when this
 * device fails.
 */
export async function admitTransactions(
	core: LedgerCore,
	transactions: readonly Transaction[],
	durability: Durability
): Promise<(Admission | PollenError)[]> {
	// One moment for all: were it later at the second look, a ballot that was too early for its proof would look unproved.
	const now = core.clock.now();
	const worthProving = transactions.filter((transaction) => judge(core, transaction, new Map(), now) === 'added');
	const isProven = await core.verdicts.verify(worthProving);

	const admitted = new Map<string, PendingTransaction>();
	const results = transactions.map((transaction) => {
		const verdict = judge(core, transaction, admitted, now);
		if (verdict !== 'added') return verdict;
		const id = transactionId(transaction);
		if (!isProven(id)) return new PollenError('bad-proof', 'the proof does not hold');
		admitted.set(transaction.nullifier, pendingTransaction(transaction, id, now));
		return verdict;
	});
	if (admitted.size > 0) await core.store.commit({ putTransactions: [...admitted.values()] }, durability);
	for (const pending of admitted.values()) core.mempool.add(pending);
	return results;
}

/** Everything but the proof: cheap, so it comes first, and it comes again when the proof's verdict is there. */
function judge(
	core: LedgerCore,
	transaction: Transaction,
	admitted: ReadonlyMap<string, PendingTransaction>,
	now: number
): Admission | PollenError {
	try {
		const id = transactionId(transaction);
		const pending = core.mempool.withNullifier(transaction.nullifier) ?? admitted.get(transaction.nullifier);
		if (pending?.id === id || core.state.hasTransaction(id)) return 'known';
		checkBallot(core.state, transaction, now);
		if (pending) throw new PollenError('duplicate-nullifier', 'another ballot of this credential is pending');
		return 'added';
	} catch (error) {
		if (error instanceof PollenError) return error;
		throw error;
	}
}
