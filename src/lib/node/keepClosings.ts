import type { ChainEntry } from '../chain/tree';
import { holdsAt } from '../chain/locator';
import type { Block } from '../election/block';
import type { TransactionId } from '../bytes/hash';
import { transactionId, type Closing, type Transaction } from '../election/transaction';
import type { LedgerCore } from './ledgerCore';
import type { HeardClosing } from './signedClosings';

export interface KeptClosings {
	readonly added: readonly HeardClosing[];
	/** Closings that the organiser has not signed. */
	readonly forged: ReadonlySet<TransactionId>;
}

/**
 * Notes every closing whose signature holds, whether or not our chain can take it: see `SignedClosings`. Rejects only when the
 * verifier fails.
 */
export async function keepSignedClosings(
	core: Pick<LedgerCore, 'verdicts' | 'closings'>,
	transactions: readonly Transaction[]
): Promise<KeptClosings> {
	const unknown = transactions.filter(
		(transaction): transaction is Closing =>
			transaction.kind === 'closing' && !core.closings.has(transactionId(transaction))
	);
	if (unknown.length === 0) return { added: [], forged: new Set() };
	const { isSigned } = await core.verdicts.gather({ ballots: [], signed: unknown, groups: [] });
	const added = unknown
		.filter((closing) => isSigned(transactionId(closing)) && core.closings.add(closing))
		.map((closing) => core.closings.get(transactionId(closing)))
		.filter((heard) => heard !== undefined);
	return { added, forged: new Set(unknown.map(transactionId).filter((id) => !isSigned(id))) };
}

/**
 * Declares the branch of a block final when the block holds a closing that is signed and names a block of this very branch.
 * That is found out when the body arrives, before the block is connected: a chain that was closed outranks one with more work,
 * so it must not have to win by work first. Should the block break another rule, it is thrown out like any.
 */
export async function finaliseIfClosed(core: LedgerCore, entry: ChainEntry, block: Block): Promise<void> {
	const closings = block.transactions.filter((transaction) => transaction.kind === 'closing');
	if (closings.length === 0) return;
	await keepSignedClosings(core, closings);
	// Not by what is noted, which has a limit: nodes that differ about what is final would follow different chains.
	const { isSigned } = await core.verdicts.gather({ ballots: [], signed: closings, groups: [] });
	const isClosed = closings.some(
		(closing) =>
			isSigned(transactionId(closing)) &&
			closing.height < entry.header.height &&
			holdsAt(entry, closing.height, closing.blockHash)
	);
	if (isClosed) core.tree.finalise(entry);
}
