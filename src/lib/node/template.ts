import { HEADER_VERSION, type Header } from '../chain/header';
import { nextTarget } from '../chain/difficulty';
import {
	EMPTY_BLOCK_BYTES,
	MAX_BLOCK_BYTES,
	MAX_BLOCK_TRANSACTIONS,
	transactionsRoot,
	type Block
} from '../election/block';
import { checkBallot } from '../election/rules/checkBallot';
import type { Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { LedgerCore } from './ledgerCore';
import type { PendingTransaction } from './mempool';

/**
 * The next block, all but its nonce: everything pending that the rules allow at its time and that fits, the longest
 * waiting first. Inside the block ballots stand in the order of their IDs, so that a block does not tell who was first.
 */
export function buildTemplate(core: LedgerCore, firstNonce: bigint): Block {
	const parent = core.tip.header;
	const timestamp = Math.max(core.clock.now(), parent.timestamp + 1);
	const transactions = selectPending(core, timestamp);
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

function selectPending(core: LedgerCore, timestamp: number): Transaction[] {
	let room = MAX_BLOCK_BYTES - EMPTY_BLOCK_BYTES;
	const chosen: PendingTransaction[] = [];
	for (const pending of core.mempool.all()) {
		if (chosen.length === MAX_BLOCK_TRANSACTIONS || pending.bytes.length > room) break;
		if (!isAllowed(core, pending, timestamp)) continue;
		chosen.push(pending);
		room -= pending.bytes.length;
	}
	return chosen.sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ transaction }) => transaction);
}

function isAllowed(core: LedgerCore, { transaction }: PendingTransaction, timestamp: number): boolean {
	try {
		checkBallot(core.state, transaction, timestamp);
		return true;
	} catch (error) {
		if (error instanceof PollenError) return false;
		throw error;
	}
}
