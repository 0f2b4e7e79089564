import type { Hash, TransactionId } from '../bytes/hash';
import { HEADER_VERSION, type Header } from '../chain/header';
import { nextTarget } from '../chain/difficulty';
import {
	EMPTY_BLOCK_BYTES,
	MAX_BLOCK_BYTES,
	MAX_BLOCK_TRANSACTIONS,
	transactionsRoot,
	type Block
} from '../election/block';
import { phaseAt, type Phase } from '../election/phase';
import { checkTransaction } from '../election/rules/checkTransaction';
import type { Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { LedgerCore } from './ledgerCore';
import { isProvable, type PendingTransaction } from './mempool';

/**
 * The next block, all but its nonce: everything pending that the rules allow at its time and that fits, the longest
 * waiting first. Inside the block they stand in the order of their IDs, so that a block does not tell who was first.
 * @param isWithheld whether a transaction is not to be recorded yet
 */
export function buildTemplate(
	core: LedgerCore,
	firstNonce: bigint,
	isWithheld: (id: TransactionId) => boolean = () => false
): Block {
	const parent = core.tip.header;
	const timestamp = Math.max(core.clock.now(), parent.timestamp + 1);
	const transactions = selectPending(core, timestamp, isWithheld);
	const header: Header = {
		nonce: firstNonce,
		version: HEADER_VERSION,
		height: parent.height + 1,
		previousHash: core.tip.hash,
		merkleRoot: transactionsRoot(transactions),
		timestamp,
		target: nextTarget(core.rules, parent, core.tip.parent?.header)
	};
	return { header, transactions };
}

/**
 * A closing stands alone, because nothing that follows it counts; so does an opening, which another enrolment beside it would
 * make invalid. Enrolments and ballots never meet: the opening stands between them.
 */
function selectPending(core: LedgerCore, timestamp: number, isWithheld: (id: TransactionId) => boolean): Transaction[] {
	const pendings = core.mempool.all();
	const isReady = (pending: PendingTransaction) => !isWithheld(pending.id) && isAllowed(core, pending, timestamp);
	const alone = pendings.find((pending) => standsAlone(pending.transaction) && isReady(pending));
	if (alone) return [alone.transaction];
	let room = MAX_BLOCK_BYTES - EMPTY_BLOCK_BYTES;
	const chosen: PendingTransaction[] = [];
	const commitments = new Set<Hash>();
	for (const pending of pendings) {
		// No more are judged than fit: thousands may be pending, and a template is wanted at once.
		if (chosen.length === MAX_BLOCK_TRANSACTIONS) break;
		if (!isReady(pending)) continue;
		if (pending.bytes.length > room) break;
		if (pending.transaction.kind === 'enrolment') {
			// An enrolment that came back from a fork may meet another that copied its commitment.
			if (commitments.has(pending.transaction.commitment)) continue;
			commitments.add(pending.transaction.commitment);
		}
		chosen.push(pending);
		room -= pending.bytes.length;
	}
	return chosen.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ transaction }) => transaction);
}

function standsAlone({ kind }: Transaction): boolean {
	return kind === 'closing' || kind === 'opening';
}

/** When the chain takes a kind at all; a closing, at any time. */
const PHASES: Partial<Record<Transaction['kind'], Phase>> = {
	enrolment: 'enrolment',
	opening: 'enrolment',
	ballot: 'open'
};

/**
 * Whether the chain, as it is, can take a pending transaction. That it is proved or signed was found out when it was admitted;
 * but the chain may have changed the group since, for which a ballot was proved, or which an opening names.
 */
export function isAllowed(
	core: Pick<LedgerCore, 'state' | 'verdicts'>,
	pending: PendingTransaction,
	timestamp: number
): boolean {
	const { state, verdicts } = core;
	const { transaction } = pending;
	// The rules say the same with an error each, which for thousands that a poll has left behind takes a tenth of a second.
	const phase = PHASES[transaction.kind];
	if (phase && phaseAt(state, timestamp) !== phase) return false;
	try {
		checkTransaction(state, transaction, timestamp);
		if (transaction.kind !== 'opening') return isProvable(core, pending);
		return verdicts.isKnownRootOf(transaction.groupRoot, state.enrolledCommitments());
	} catch (error) {
		if (error instanceof PollenError) return false;
		throw error;
	}
}
