import { auditRecord } from '../audit/auditRecord';
import { recordOf, type ElectionRecord } from '../audit/record';
import type { AuditOptions, AuditReport } from '../audit/report';
import { pathBetween } from '../chain/forkChoice';
import type { ChainEntry } from '../chain/tree';
import { decodeBlock } from '../election/block';
import { genesisBlock } from '../election/genesis';
import { blockToJson, transactionToJson, type BlockJson } from '../election/json';
import { resultsOf } from '../election/tally';
import { errorCode, isOwnFault, PollenError } from '../errors/pollenError';
import type { Verification } from './api';
import type { Ledger } from './ledger';
import type { LedgerCore } from './ledgerCore';

/**
 * Main-chain blocks from a height upwards, genesis included, as they are stored. Rejects unknown-parent when one is missing,
 * bad-encoding when one is damaged, storage-failed.
 */
export async function chainBlocks(core: LedgerCore, from = 0, limit = Number.POSITIVE_INFINITY): Promise<BlockJson[]> {
	const first = Math.max(0, from);
	return await blocksOf(core, mainChain(core).slice(first, first + limit));
}

/** What is read of a ledger here, and how it is read while it rests. */
export type ReadableLedger = Pick<Ledger, 'core' | 'atRest'>;

/** The main chain as a record that others can check. Rejects like {@link chainBlocks}. */
export async function recordOfChain({ core, atRest }: ReadableLedger): Promise<ElectionRecord> {
	const { election, electionId, state, closings } = core;
	// Results and blocks must be of one chain, also when the next block comes while these are read from the disk.
	const { results, others, chain } = await atRest(() => ({
		results: resultsOf(state),
		others: closings.all.filter(({ id }) => !state.hasTransaction(id)),
		chain: mainChain(core)
	}));
	const otherClosings = others.map(({ closing }) => transactionToJson(closing));
	return recordOf({ election, electionId, blocks: await blocksOf(core, chain), otherClosings, results });
}

/** Checks what the store holds as if it had just arrived, with no verdict remembered. Rejects like {@link chainBlocks}. */
export async function auditChain(ledger: ReadableLedger, options?: AuditOptions): Promise<AuditReport> {
	const { verifier, workHash, clock } = ledger.core;
	return await auditRecord(await recordOfChain(ledger), { verifier, workHash, now: clock.now() }, options);
}

/** {@link auditChain} in short, as the console returns it; also of a store that cannot be read as a chain. */
export async function verifyChain(ledger: ReadableLedger): Promise<Verification> {
	const unreadable = await findUnreadable(ledger.core);
	if (unreadable) return { valid: false, blocks: unreadable.height, ballots: 0, problems: [unreadable] };
	const { valid, blocks, results, checks } = await auditChain(ledger);
	const problems = checks.flatMap(({ problem }) =>
		problem ? [{ height: problem.height ?? 0, code: problem.code }] : []
	);
	return { valid, blocks, ballots: results.ballots, problems };
}

async function findUnreadable(core: LedgerCore): Promise<Verification['problems'][number] | undefined> {
	for (const entry of pathBetween(core.tree.genesis, core.tip).connect) {
		try {
			await blockOf(core, entry);
		} catch (error) {
			const code = errorCode(error, 'storage-failed');
			if (isOwnFault(code)) throw error;
			return { height: entry.header.height, code };
		}
	}
	return undefined;
}

function mainChain({ tree, tip }: LedgerCore): ChainEntry[] {
	return [tree.genesis, ...pathBetween(tree.genesis, tip).connect];
}

async function blocksOf(core: LedgerCore, chain: readonly ChainEntry[]): Promise<BlockJson[]> {
	return await Promise.all(chain.map((entry) => blockOf(core, entry)));
}

async function blockOf({ store, election }: LedgerCore, entry: ChainEntry): Promise<BlockJson> {
	if (!entry.parent) return blockToJson(genesisBlock(election), entry.hash);
	const stored = await store.loadBlock(entry.hash);
	if (!stored) throw new PollenError('unknown-parent', `the body of block ${entry.hash} is missing`);
	return blockToJson(decodeBlock(stored.bytes), entry.hash);
}
