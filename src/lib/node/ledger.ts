import type { BlockHash, TransactionId } from '../bytes/hash';
import type { ChainEnd } from '../chain/chainEnd';
import { encodeHeader, type Header } from '../chain/header';
import type { ChainEntry } from '../chain/tree';
import type { Block } from '../election/block';
import { decodeTransaction, transactionId, type Transaction } from '../election/transaction';
import { errorCode, isOwnFault, PollenError } from '../errors/pollenError';
import type { Durability } from '../storage/port';
import { acceptHeader } from './acceptHeader';
import { activateBest, newActivation, type Activation, type TipChange } from './activate';
import { admitTransactions, type Admission } from './admit';
import { checkRun, keepRun, type HeaderRun } from './headerRun';
import { finaliseIfClosed } from './keepClosings';
import type { LedgerCore, LedgerDependencies, UnsavedBlocks } from './ledgerCore';
import { lookAhead } from './lookAhead';
import { prepareBlock, type PreparedBlock } from './prepareBlock';
import { reportWrites, type StorageFault } from './reportWrites';
import { restoreLedger } from './restore';
import { SerialQueue } from './serialQueue';
import { storedBlock } from './step';

/** Blocks that arrive while others are being written are taken together, up to this many. */
const IMPORT_BATCH = 64;
const ADMISSION_BATCH = 256;

export type BlockOutcome = 'connected' | 'stored' | 'known';

export interface LedgerEvents {
	tipChanged(change: TipChange): void;
	admitted(ids: readonly TransactionId[]): void;
	/** A closing with a valid signature was heard of for the first time. */
	closingHeard(): void;
	/** A write failed (or worked again: undefined). */
	storage(error: StorageFault | undefined): void;
}

interface Waiting<T, R> {
	readonly item: T;
	resolve(result: R): void;
	reject(error: unknown): void;
}

interface OfferedTransaction {
	readonly transaction: Transaction;
	readonly durability: Durability;
}

interface OfferedBlock {
	readonly prepared: Promise<PreparedBlock>;
	/** What `prepared` came to, as soon as it has. */
	result?: PreparedBlock;
}

interface AcceptedBlock {
	readonly waiting: Waiting<OfferedBlock, BlockOutcome>;
	readonly entry: ChainEntry;
	readonly known: boolean;
}

/**
 * The one writer of a node: headers, blocks and transactions come in here, are judged, written and made the main chain
 * one task at a time, whoever they come from. Refusals reject with the code of the broken rule and change nothing.
 */
export class Ledger {
	readonly #queue = new SerialQueue();
	readonly #blocks: Waiting<OfferedBlock, BlockOutcome>[] = [];
	readonly #transactions: Waiting<OfferedTransaction, Admission>[] = [];

	private constructor(
		readonly core: Readonly<LedgerCore>,
		private readonly mutable: LedgerCore,
		private readonly events: LedgerEvents
	) {}

	/** Opens the ledger at the tip that was reached last. Rejects with storage-failed when storage cannot be read. */
	static async open(dependencies: LedgerDependencies, events: LedgerEvents): Promise<Ledger> {
		const store = reportWrites(dependencies.store, (fault) => events.storage(fault));
		const core = await restoreLedger({ ...dependencies, store });
		return new Ledger(core, core, events);
	}

	/**
	 * Takes up what the last session left undone: a better branch that was not connected yet, and pending transactions,
	 * which are judged anew. Rejects with storage-full, storage-failed or worker-failed, losing nothing; may be called again.
	 */
	async resume(): Promise<void> {
		await this.catchUp();
		const stored = await this.core.store.loadTransactions();
		const outcomes = await Promise.all(stored.map(({ bytes }) => this.#readmit(bytes)));
		const judged = stored.filter((_, index) => outcomes[index] === 'judged').map(({ id }) => id);
		await this.#queue.run(() => this.#forgetStored(judged));
	}

	/**
	 * Connects what is stored but not connected because this device failed at the time. Rejects with storage-full,
	 * storage-failed or worker-failed.
	 */
	catchUp(): Promise<void> {
		return this.#queue.run(() => activateBest(this.mutable, new Map(), newActivation(), this.#announce));
	}

	/** The hash of a header, under the node's work function. */
	hashOf(header: Header): Promise<BlockHash> {
		return this.core.workHash(encodeHeader(header));
	}

	/**
	 * Checks headers and keeps none.
	 * @param from the end of a chain that is not kept; the branch of ours that the first names, unless told
	 */
	checkHeaders(headers: readonly Header[], from?: ChainEnd): Promise<HeaderRun> {
		return this.#queue.run(() => checkRun(this.core, headers, from));
	}

	/** Keeps headers that were checked. Rejects with invalid-parent or unknown-parent when that was found out meanwhile. */
	keepHeaders(run: HeaderRun): Promise<ChainEntry | undefined> {
		return this.#queue.run(() => Promise.resolve(keepRun(this.core.tree, run)));
	}

	/** Forgets the headers without a body on branches that nobody needs. Resolves with how many. */
	forgetHeaders(needed: () => ReadonlySet<ChainEntry>): Promise<number> {
		return this.#queue.run(() => {
			const { tree, bodies } = this.core;
			const kept = needed();
			return Promise.resolve(tree.prune((entry) => bodies.has(entry) || kept.has(entry)));
		});
	}

	/**
	 * Judges a block and switches to its chain if that is the best. `stored`: kept beside the main chain, or until its
	 * ancestors arrive. Rejects with the code of the broken rule, or unknown-parent, future-time, storage-full,
	 * storage-failed, worker-failed.
	 */
	addBlock(block: Block): Promise<BlockOutcome> {
		const item: OfferedBlock = { prepared: prepareBlock(this.core, block) };
		item.prepared.then(
			(result) => (item.result = result),
			() => undefined
		);
		return new Promise((resolve, reject) => {
			this.#blocks.push({ item, resolve, reject });
			if (this.#blocks.length === 1) void this.#queue.run(() => this.#importBlocks());
		});
	}

	/** Admits a transaction to the mempool. Rejects with the code of the broken rule. */
	addTransaction(transaction: Transaction, durability: Durability): Promise<Admission> {
		return new Promise((resolve, reject) => {
			this.#transactions.push({ item: { transaction, durability }, resolve, reject });
			if (this.#transactions.length === 1) void this.#queue.run(() => this.#importTransactions());
		});
	}

	/** What `read` returns between two tasks: while a block is being written, the state is ahead of the tip. */
	readonly atRest = <T>(read: () => T): Promise<T> => this.#queue.run(() => Promise.resolve(read()));

	/** Resolves when everything taken in so far is written. */
	async idle(): Promise<void> {
		await this.#queue.idle();
	}

	/** A ballot refused by the clock may be right by a better clock, or a block from before the poll closed: it is kept. */
	async #readmit(bytes: Uint8Array): Promise<'judged' | 'early-or-late'> {
		try {
			await this.addTransaction(decodeTransaction(bytes), 'relaxed');
		} catch (error) {
			const code = errorCode(error, 'bad-encoding');
			if (isOwnFault(code)) throw error;
			if (code === 'poll-not-open' || code === 'poll-closed') return 'early-or-late';
		}
		return 'judged';
	}

	/** Stored transactions that were judged and are not pending are refused, or recorded in a block meanwhile. */
	async #forgetStored(judged: readonly TransactionId[]): Promise<void> {
		const { mempool, closings } = this.core;
		const deleteTransactions = judged.filter((id) => !mempool.has(id) && !closings.has(id));
		if (deleteTransactions.length > 0) await this.core.store.commit({ deleteTransactions }, 'relaxed');
	}

	async #importBlocks(): Promise<void> {
		const batch = this.#blocks.splice(0, IMPORT_BATCH);
		if (this.#blocks.length > 0) void this.#queue.run(() => this.#importBlocks());
		const unsaved: UnsavedBlocks = new Map();
		const accepted: AcceptedBlock[] = [];
		const closings = this.core.closings.size;
		for (const waiting of batch) {
			try {
				accepted.push({ waiting, ...(await this.#acceptBlock(await waiting.item.prepared, unsaved)) });
			} catch (error) {
				waiting.reject(error);
			}
		}
		const activation = newActivation();
		let failure: unknown;
		try {
			await activateBest(this.mutable, unsaved, activation, this.#announce, this.#lookAhead);
			await this.#saveRest(unsaved);
		} catch (error) {
			failure = error;
			this.mutable.bodies.remove([...unsaved.values()].map(({ entry }) => entry));
		}
		for (const block of accepted) this.#settle(block, activation, failure);
		if (this.core.closings.size > closings) this.events.closingHeard();
	}

	async #acceptBlock(
		{ block, hash, bytes }: PreparedBlock,
		unsaved: UnsavedBlocks
	): Promise<Omit<AcceptedBlock, 'waiting'>> {
		const entry = acceptHeader(this.mutable, { header: block.header, hash, now: this.core.clock.now() });
		if (this.core.bodies.has(entry)) return { entry, known: true };
		await finaliseIfClosed(this.mutable, entry, block);
		this.mutable.bodies.add(entry);
		unsaved.set(entry.hash, { entry, block, bytes });
		return { entry, known: false };
	}

	/** Blocks that did not become part of the main chain are kept too: their branch may win later. */
	async #saveRest(unsaved: UnsavedBlocks): Promise<void> {
		if (unsaved.size === 0) return;
		const putBlocks = [...unsaved.values()].map((block) => storedBlock(block, false));
		await this.core.store.commit({ putBlocks }, 'relaxed');
	}

	/** What was found out about a block counts, even when this device failed at something else afterwards. */
	#settle({ waiting, entry, known }: AcceptedBlock, { faults, removed }: Activation, failure: unknown): void {
		const fault = faults.get(entry.hash);
		if (fault) waiting.reject(fault);
		else if (removed.has(entry.hash)) waiting.reject(new PollenError('invalid-parent'));
		else if (known && this.core.bodies.has(entry)) waiting.resolve('known');
		else if (this.core.valid.has(entry.hash)) waiting.resolve('connected');
		else if (failure) waiting.reject(failure);
		else waiting.resolve('stored');
	}

	async #importTransactions(): Promise<void> {
		const batch = this.#transactions.splice(0, ADMISSION_BATCH);
		if (this.#transactions.length > 0) void this.#queue.run(() => this.#importTransactions());
		const closings = this.core.closings.size;
		try {
			const results = await admitTransactions(
				this.mutable,
				batch.map(({ item }) => item.transaction),
				batch.some(({ item }) => item.durability === 'strict') ? 'strict' : 'relaxed'
			);
			const added: TransactionId[] = [];
			results.forEach((result, index) => {
				const waiting = batch[index];
				if (result instanceof PollenError) return waiting?.reject(result);
				if (result === 'added' && waiting) added.push(transactionId(waiting.item.transaction));
				waiting?.resolve(result);
			});
			if (added.length > 0) this.events.admitted(added);
			if (this.core.closings.size > closings) this.events.closingHeard();
		} catch (error) {
			for (const waiting of batch) waiting.reject(error);
		}
	}

	/** What comes next is verified while the verifier has nothing else to do. */
	readonly #lookAhead = (): void => {
		const waiting = this.#blocks.slice(0, IMPORT_BATCH).map(({ item }) => item.result);
		void lookAhead(
			this.core,
			waiting.filter((prepared) => prepared !== undefined)
		);
	};

	readonly #announce = (change: TipChange): void => {
		this.events.tipChanged(change);
		if (change.returned.length > 0) this.events.admitted(change.returned.map(({ id }) => id));
	};
}
