import type { Hash, TransactionId } from '../bytes/hash';
import { checkEvidence } from '../election/rules/evidence';
import { checkTransaction } from '../election/rules/checkTransaction';
import { conflictKey, encodeTransaction, transactionId, type Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { Durability } from '../storage/port';
import { keepSignedClosings } from './keepClosings';
import type { LedgerCore } from './ledgerCore';
import { pendingTransaction, type PendingTransaction } from './mempool';
import { evidenceForState } from './pathEvidence';
import { isAllowed } from './template';

/** `known`: this very transaction is pending or recorded already. */
export type Admission = 'added' | 'known';

/** What earlier transactions of the same batch have taken. */
interface Batch {
	readonly byConflictKey: Map<string, PendingTransaction>;
	readonly commitments: Set<Hash>;
}

/**
 * Admits transactions to the mempool, their evidence gathered as one batch and written in one storage transaction.
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
	const { added, forged } = await keepSignedClosings(core, transactions.filter(isEncodable));
	const worthChecking = transactions.filter((transaction) => judge(core, transaction, newBatch(), now) === 'added');
	const evidence = await core.verdicts.gather(evidenceForState(core.state, worthChecking));

	const batch = newBatch();
	const results = transactions.map((transaction) => {
		const verdict = judge(core, transaction, batch, now);
		// Even of a closing that our chain cannot take it is known by now, and no honest node hands on a forged one.
		if (isForged(transaction, forged))
			return new PollenError('bad-signature', 'the organiser has not signed this closing');
		if (verdict !== 'added') return verdict;
		const id = transactionId(transaction);
		const refusal = refusalOf(() => checkEvidence(core.state, transaction, id, evidence));
		if (refusal) return refusal;
		batch.byConflictKey.set(conflictKey(transaction), pendingTransaction(transaction, id, now, core.state.groupRoot));
		if (transaction.kind === 'enrolment') batch.commitments.add(transaction.commitment);
		return verdict;
	});
	const admitted = [...batch.byConflictKey.values()];
	const replaced = admitted.map(({ transaction }) => core.mempool.conflicting(transaction)).filter(isPresent);
	const putTransactions = [...admitted, ...added.map(({ closing, id }) => pendingTransaction(closing, id, now))];
	if (putTransactions.length > 0) {
		const deleteTransactions = replaced.map(({ id }) => id).filter((id) => !core.closings.has(id));
		await core.store.commit({ putTransactions, deleteTransactions }, durability);
	}
	for (const { id } of replaced) core.mempool.remove(id);
	for (const pending of admitted) core.mempool.add(pending);
	return results;
}

function newBatch(): Batch {
	return { byConflictKey: new Map(), commitments: new Set() };
}

/** Everything but the evidence: cheap, so it comes first, and it comes again when the evidence is there. */
function judge(core: LedgerCore, transaction: Transaction, batch: Batch, now: number): Admission | PollenError {
	let admission: Admission = 'added';
	const refusal = refusalOf(() => {
		const id = transactionId(transaction);
		const pending = batch.byConflictKey.get(conflictKey(transaction)) ?? core.mempool.conflicting(transaction);
		if (pending?.id === id || core.state.hasTransaction(id)) {
			admission = 'known';
			return;
		}
		checkTransaction(core.state, transaction, now);
		if (pending && !isStale(core, pending, now)) throw conflictOf(transaction);
		if (transaction.kind !== 'enrolment') return;
		if (core.mempool.hasCommitment(transaction.commitment) || batch.commitments.has(transaction.commitment)) {
			throw new PollenError('duplicate-commitment', 'another voter waits to be enrolled with this commitment');
		}
	});
	return refusal ?? admission;
}

/**
 * Whether something pending can give way to another in its place, because the chain cannot take it any more: an opening that was
 * signed before another voter was enrolled, a closing of a block that was undone, an enrolment whose commitment somebody else
 * has enrolled with, a ballot that was proved for another group. Each can be made only by whoever made the first.
 */
export function isStale(core: LedgerCore, pending: PendingTransaction, now: number): boolean {
	return !isAllowed(core, pending, now);
}

function conflictOf({ kind }: Transaction): PollenError {
	switch (kind) {
		case 'enrolment':
			return new PollenError('already-enrolled', 'another enrolment of this voter is pending');
		case 'opening':
			return new PollenError('already-open', 'another opening is pending');
		case 'ballot':
			return new PollenError('duplicate-nullifier', 'another ballot of this credential is pending');
		case 'closing':
			return new PollenError('already-closed', 'another closing is pending');
	}
}

function refusalOf(check: () => void): PollenError | undefined {
	try {
		check();
		return undefined;
	} catch (error) {
		if (error instanceof PollenError) return error;
		throw error;
	}
}

function isForged(transaction: Transaction, forged: ReadonlySet<TransactionId>): boolean {
	return transaction.kind === 'closing' && isEncodable(transaction) && forged.has(transactionId(transaction));
}

function isEncodable(transaction: Transaction): boolean {
	return refusalOf(() => encodeTransaction(transaction)) === undefined;
}

function isPresent<T>(value: T | undefined): value is T {
	return value !== undefined;
}
