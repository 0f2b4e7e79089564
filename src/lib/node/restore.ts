import { Pace } from '../audit/pace';
import type { BlockHash } from '../bytes/hash';
import { isBetter, pathBetween } from '../chain/forkChoice';
import { encodeHeader, type Header } from '../chain/header';
import { HeaderTree, type ChainEntry } from '../chain/tree';
import { decodeBlock, transactionsRoot, type Block } from '../election/block';
import { genesisBlock } from '../election/genesis';
import { checkMerkleRoot } from '../election/rules/checkMerkleRoot';
import { ElectionState } from '../election/state';
import { CHECKED_BEFORE } from '../election/rules/evidence';
import { transactionId, type Transaction } from '../election/transaction';
import { isOwnFault, PollenError } from '../errors/pollenError';
import type { StoredBlock } from '../storage/port';
import { acceptHeader } from './acceptHeader';
import { BodyIndex } from './bodyIndex';
import type { LedgerCore, LedgerDependencies } from './ledgerCore';
import { Mempool, pendingTransaction, type PendingTransaction } from './mempool';
import { finaliseIfClosed } from './keepClosings';
import { SignedClosings } from './signedClosings';
import { Verdicts } from './verdicts';

/** Stored headers were judged by the clock when they came in; only then does "too far ahead" mean anything. */
const NO_CLOCK = Number.MAX_SAFE_INTEGER;

/** What the store holds: bodies that can be used, by hash, and the hashes of records that cannot. */
interface Restored {
	readonly bodies: Map<BlockHash, Block>;
	readonly broken: Set<BlockHash>;
}

/**
 * Builds the ledger from what the last session left. Everything stored is checked against everything else: the hash of
 * each block is computed anew, each header is checked against its parent, each body against its Merkle root, and the
 * state is replayed from genesis. What contradicts is deleted and will be downloaded again; nothing makes the start
 * fail but a store that cannot be read and a work function that does not work. Proofs of blocks that were connected
 * before are not verified a second time: which those are is what the store was told and has sealed (see `storage/seal.ts`,
 * also for what that is worth), and what stands in them their hashes say.
 */
export async function restoreLedger(dependencies: LedgerDependencies): Promise<LedgerCore> {
	const { election, electionId, store, verifier } = dependencies;
	const tree = new HeaderTree(genesisBlock(election).header, electionId);
	const core: LedgerCore = {
		...dependencies,
		rules: election,
		tree,
		bodies: new BodyIndex(tree.genesis),
		valid: new Set([electionId]),
		state: new ElectionState(election, electionId),
		mempool: new Mempool(),
		verdicts: new Verdicts(election, electionId, verifier),
		closings: new SignedClosings(),
		tip: tree.genesis
	};
	const stored = await store.loadChain();
	const restored: Restored = { bodies: new Map(), broken: new Set() };
	const pace = new Pace(undefined, () => core.clock.now());
	for (const record of stored.blocks) {
		await restoreBlock(core, record, restored);
		await pace.breathe();
	}
	await replay(core, lastConnected(core), restored, pace);
	if (restored.broken.size > 0 || (stored.tip && stored.tip !== core.tip.hash)) {
		await repair(core, stored.blocks, restored.broken);
	}
	return core;
}

async function restoreBlock(core: LedgerCore, record: StoredBlock, { bodies, broken }: Restored): Promise<void> {
	const block = soundBlock(record);
	// Outside of any try: a hash that cannot be computed says nothing about the block, and must not cost it.
	const hash = block && (await core.workHash(encodeHeader(block.header)));
	const entry = block && hash === record.hash ? restoreHeader(core, block.header, record) : undefined;
	if (!block || !entry) {
		broken.add(record.hash);
		return;
	}
	const { valid } = record;
	if (valid) for (const transaction of block.transactions) rememberSigned(core, transaction);
	await finaliseIfClosed(core, entry, block);
	core.bodies.add(entry);
	bodies.set(entry.hash, block);
	if (valid) core.valid.add(entry.hash);
}

function restoreHeader(core: LedgerCore, header: Header, { hash, arrival }: StoredBlock): ChainEntry | undefined {
	try {
		return acceptHeader(core, { header, hash, now: NO_CLOCK, arrival });
	} catch {
		return undefined;
	}
}

/** A closing in a block that was connected was checked then. */
function rememberSigned(core: LedgerCore, transaction: Transaction): void {
	if (transaction.kind === 'closing') core.verdicts.remember(transaction, null);
}

/** The block of a record, if header and body are whole and belong together. What was damaged may be anything. */
function soundBlock({ bytes, arrival }: StoredBlock): Block | undefined {
	try {
		if (!Number.isSafeInteger(arrival)) return undefined;
		const block = decodeBlock(bytes);
		checkMerkleRoot(block.header, transactionsRoot(block.transactions));
		return block;
	} catch {
		return undefined;
	}
}

/**
 * The best chain that is there from genesis on and was connected before. Unless the store is damaged, that is the chain
 * of the stored tip.
 */
function lastConnected(core: LedgerCore): ChainEntry {
	const connected = new Set([core.tree.genesis]);
	let best = core.tree.genesis;
	for (const entry of core.tree.entries()) {
		if (!entry.parent || !connected.has(entry.parent) || !core.valid.has(entry.hash)) continue;
		connected.add(entry);
		if (isBetter(entry, best)) best = entry;
	}
	return best;
}

/** Connects as much of the chain as holds; the rest is broken. */
async function replay(core: LedgerCore, target: ChainEntry, { bodies, broken }: Restored, pace: Pace): Promise<void> {
	for (const entry of pathBetween(core.tree.genesis, target).connect) {
		try {
			core.state.connectBlock(bodies.get(entry.hash) as Block, entry.hash, CHECKED_BEFORE);
		} catch {
			const removed = core.tree.invalidate(entry.hash);
			core.bodies.remove(removed);
			for (const { hash } of removed) broken.add(hash);
			return;
		}
		core.tip = entry;
		await pace.breathe();
	}
}

/**
 * Makes the store say what memory says. Transactions that were recorded in blocks that are given up go to the pending ones,
 * where they are judged anew: on a node without peers nobody else could bring them back.
 */
async function repair(
	core: LedgerCore,
	records: readonly StoredBlock[],
	broken: ReadonlySet<BlockHash>
): Promise<void> {
	const putTransactions = records
		.filter(({ hash, valid }) => valid && broken.has(hash))
		.flatMap((record) => transactionsOf(record, core.clock.now()));
	try {
		await core.store.commit({ deleteBlocks: [...broken], tip: core.tip.hash, putTransactions }, 'strict');
	} catch (error) {
		// Memory is right; with a full disk the damage just stays where it is until the next start.
		if (!(error instanceof PollenError) || !isOwnFault(error.code)) throw error;
	}
}

function transactionsOf({ bytes }: StoredBlock, now: number): PendingTransaction[] {
	try {
		return decodeBlock(bytes).transactions.map((transaction) =>
			pendingTransaction(transaction, transactionId(transaction), now)
		);
	} catch {
		return [];
	}
}
