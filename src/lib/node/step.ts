import type { BlockHash } from '../bytes/hash';
import { pathBetween } from '../chain/forkChoice';
import type { ChainEntry } from '../chain/tree';
import { encodeBlock } from '../election/block';
import { CHECKED_BEFORE, type Evidence } from '../election/rules/evidence';
import type { PollOpening } from '../election/state';
import { conflictKey, transactionId, type Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import type { Durability, StoredBlock } from '../storage/port';
import type { LedgerCore, UnsavedBlock, UnsavedBlocks } from './ledgerCore';
import { pendingTransaction, type PendingTransaction } from './mempool';
import { evidenceForPath } from './pathEvidence';
import { loadBody } from './storedBlock';

/**
 * How many blocks, and in them transactions, are connected in one step when nothing has to be undone first: connecting is one task
 * of the thread, and should be a short one.
 */
const STEP_BLOCKS = 64;
const STEP_TRANSACTIONS = 128;
const LOADED_AT_ONCE = 8;

export interface TipChange {
	/** In the order in which they were undone, the old tip first. */
	readonly disconnected: readonly ChainEntry[];
	readonly connected: readonly ChainEntry[];
	/** Whether this step brought the opening: from now on ballots are taken. */
	readonly hasOpened: boolean;
	/** Pending again because the block that recorded them left the main chain. */
	readonly returned: readonly PendingTransaction[];
	/** Pending no more, because the chain holds them, or others in their place. */
	readonly recorded: readonly PendingTransaction[];
}

/** A step failed because of a block, not because of this device. */
export class BlockFault extends Error {
	constructor(
		readonly entry: ChainEntry,
		readonly reason: PollenError
	) {
		super(reason.message);
	}
}

/**
 * Moves the main chain to `target`, or a part of the way there when nothing has to be undone: state, mempool and disk
 * together, in one storage transaction, or not at all. Rejects with {@link BlockFault}, storage-full, storage-failed or
 * worker-failed.
 * @param onVerified told when the evidence is there, and only connecting and writing is left
 */
export async function stepTowards(
	core: LedgerCore,
	target: ChainEntry,
	unsaved: UnsavedBlocks,
	onVerified: () => void = () => undefined
): Promise<TipChange> {
	const path = pathBetween(core.tip, target);
	const undo = await loadBodies(core, path.disconnect, unsaved);
	const redo = await (undo.length === 0 ? loadFirst : loadBodies)(core, path.connect, unsaved);
	const connect = redo.map(({ entry }) => entry);
	const evidence = await core.verdicts.gather(
		evidenceForPath(
			core.state,
			core.state.height - undo.length,
			redo.map(({ block, entry }) => ({ block, isChecked: core.valid.has(entry.hash) }))
		)
	);
	onVerified();
	const { opening } = core.state;

	const revert = moveState(core, undo, redo, evidence);
	const returned = returnedTransactions(core, undo, opening);
	const recorded = recordedTransactions(core, redo);
	const tip = connect.at(-1) ?? core.tip;
	const inNextStep = new Set(path.connect.slice(connect.length).map(({ hash }) => hash));
	try {
		await core.store.commit(
			{
				putBlocks: blocksToWrite(core, redo, unsaved, inNextStep),
				tip: tip.hash,
				putTransactions: returned,
				// A closing that another has come before is kept: it shows that the organiser said two things.
				deleteTransactions: recorded
					.map(({ id }) => id)
					.filter((id) => core.state.hasTransaction(id) || !core.closings.has(id))
			},
			durabilityOf(core, target)
		);
	} catch (error) {
		revert();
		throw error;
	}
	core.tip = tip;
	for (const { hash } of connect) core.valid.add(hash);
	for (const { id } of recorded) core.mempool.remove(id);
	for (const pending of returned) core.mempool.add(pending);
	for (const hash of unsaved.keys()) if (!inNextStep.has(hash)) unsaved.delete(hash);
	const hasOpened = redo.some(({ block }) => block.transactions.some(({ kind }) => kind === 'opening'));
	return { disconnected: path.disconnect, connected: connect, hasOpened, returned, recorded };
}

/** The first of these that make a step of their own: at least one. */
async function loadFirst(
	core: LedgerCore,
	entries: readonly ChainEntry[],
	unsaved: UnsavedBlocks
): Promise<UnsavedBlock[]> {
	const first: UnsavedBlock[] = [];
	let transactions = 0;
	for (let at = 0; at < Math.min(entries.length, STEP_BLOCKS); at += LOADED_AT_ONCE) {
		for (const loaded of await loadBodies(core, entries.slice(at, at + LOADED_AT_ONCE), unsaved)) {
			transactions += loaded.block.transactions.length;
			if (first.length > 0 && transactions > STEP_TRANSACTIONS) return first;
			first.push(loaded);
		}
	}
	return first;
}

/** While catching up, a lost write costs only a second download; a tip that others may build on is on disk first. */
function durabilityOf(core: LedgerCore, target: ChainEntry): Durability {
	return target.header.height - core.tip.header.height > 1 ? 'relaxed' : 'strict';
}

/**
 * Applies a path to the state, all or nothing. Returns what undoes it. Throws {@link BlockFault} with the state as it was.
 */
function moveState(
	core: LedgerCore,
	undo: readonly UnsavedBlock[],
	redo: readonly UnsavedBlock[],
	evidence: Evidence
): () => void {
	const connected: UnsavedBlock[] = [];
	const revert = () => {
		for (const { block, entry } of connected.toReversed()) core.state.disconnectBlock(block, entry.hash);
		for (const { block, entry } of undo.toReversed()) core.state.connectBlock(block, entry.hash, CHECKED_BEFORE);
	};
	for (const { block, entry } of undo) core.state.disconnectBlock(block, entry.hash);
	for (const next of redo) {
		try {
			core.state.connectBlock(next.block, next.entry.hash, core.valid.has(next.entry.hash) ? CHECKED_BEFORE : evidence);
		} catch (error) {
			revert();
			if (error instanceof PollenError) throw new BlockFault(next.entry, error);
			throw error;
		}
		connected.push(next);
	}
	return revert;
}

/**
 * Transactions of undone blocks that the new chain does not hold: they wait again, so that none is lost in a fork.
 * @param opening of the chain that is left, for whose group its ballots were proved
 */
function returnedTransactions(
	core: LedgerCore,
	undo: readonly UnsavedBlock[],
	opening: PollOpening | undefined
): PendingTransaction[] {
	const groupRoot = opening?.groupRoot ?? null;
	// An opening that waits again may have been connected before the last start, when nothing was found out about its group.
	if (opening && !core.state.opening) core.verdicts.rememberRoot(opening.groupRoot, opening.group);
	return undo
		.toReversed()
		.flatMap(({ block }) => block.transactions)
		.filter((transaction) => !isExcluded(core, transaction) && !core.mempool.conflicting(transaction))
		.map((transaction) => {
			core.verdicts.remember(transaction, groupRoot);
			return pendingTransaction(transaction, transactionId(transaction), core.clock.now(), groupRoot);
		});
}

/** Whether the chain holds this transaction, or another in its place. */
function isExcluded({ state }: LedgerCore, transaction: Transaction): boolean {
	switch (transaction.kind) {
		case 'enrolment':
			return state.isEnrolled(transaction.rollIndex);
		case 'opening':
			return state.opening !== undefined;
		case 'ballot':
			return state.recordedBallot(transaction.nullifier) !== undefined;
		case 'closing':
			return state.isClosed;
	}
}

/** Pending transactions that the new blocks hold, or exclude by holding another in their place. */
function recordedTransactions(core: LedgerCore, redo: readonly UnsavedBlock[]): PendingTransaction[] {
	return redo
		.flatMap(({ block }) => block.transactions)
		.map((transaction) => core.mempool.withKey(conflictKey(transaction)))
		.filter((pending) => pending !== undefined);
}

/** The blocks of the step that are not on disk as valid yet, and the unsaved ones beside the path. */
function blocksToWrite(
	core: LedgerCore,
	redo: readonly UnsavedBlock[],
	unsaved: UnsavedBlocks,
	inNextStep: ReadonlySet<BlockHash>
): StoredBlock[] {
	const newlyValid = redo.filter(({ entry }) => !core.valid.has(entry.hash));
	const beside = new Map(unsaved);
	for (const { entry } of newlyValid) beside.delete(entry.hash);
	for (const hash of inNextStep) beside.delete(hash);
	return [
		...newlyValid.map((saved) => storedBlock(saved, true)),
		...[...beside.values()].map((saved) => storedBlock(saved, false))
	];
}

export function storedBlock({ entry, bytes }: UnsavedBlock, valid: boolean): StoredBlock {
	return { hash: entry.hash, height: entry.header.height, bytes, arrival: entry.arrival, valid };
}

async function loadBodies(
	core: LedgerCore,
	entries: readonly ChainEntry[],
	unsaved: UnsavedBlocks
): Promise<UnsavedBlock[]> {
	return await Promise.all(
		entries.map(async (entry) => {
			const waiting = unsaved.get(entry.hash);
			if (waiting) return waiting;
			const block = await loadBody(core.store, entry);
			return { entry, block, bytes: encodeBlock(block) };
		})
	);
}
