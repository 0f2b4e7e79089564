import type { BlockHash, TransactionId } from '../bytes/hash';
import { nextTarget } from '../chain/difficulty';
import { encodeHeader } from '../chain/header';
import { workOf } from '../chain/work';
import type { Clock } from '../clock/port';
import type { Block } from '../election/block';
import type { Miner } from '../mining/port';
import type { MiningView } from './api';
import { deferred, type Deferred } from './deferred';
import type { Ledger } from './ledger';
import { CONFIRMATIONS, PAUSE_MS, TEMPLATE_GATHER_MS, TEMPLATE_REFRESH_MS } from './limits';
import { buildTemplate } from './template';

export interface MinerSurroundings {
	/** Whether a peer stands on another tip with the same work. */
	isContested(): boolean;
	/** Whether many blocks of a better chain are still to come. */
	isFarBehind(): boolean;
	/** Whether a pending transaction is not to be recorded yet. */
	readonly isWithheld: (id: TransactionId) => boolean;
	/** Anything that `view` shows has changed. */
	changed(): void;
}

type MinedBlock = { height: number; hash: BlockHash } | null;

/**
 * Decides when this node mines: while transactions are pending and until the last recorded one is six blocks deep, while
 * peers stand on another tip with the same work (each keeps what came first, so only a further block ends that), or when
 * somebody asks for one block now. Not while it is far behind its peers, except when it is asked. A new tip replaces the job at once, a new transaction almost.
 */
export class MinerControl {
	#automatic = true;
	/** Callers who asked for one block. */
	#requested: Deferred<MinedBlock>[] = [];
	#active = false;
	#paused = false;
	#stopped = false;
	/** Whether there may be a reason to mine once the node has caught up. */
	#isBehind = false;
	/** A block that was found is on its way into the ledger. */
	#taking = false;
	#hashRate = 0;
	#hashes = 0;
	/** Hashes of the miner's count at the time the current height was begun. */
	#hashesBefore = 0;
	#height = -1;
	#cancelRefresh: (() => void) | undefined;
	/** Set while new transactions wait for the next template. */
	#cancelGathering: (() => void) | undefined;
	/** When the running template was built. */
	#builtAt = 0;

	constructor(
		private readonly ledger: Ledger,
		private readonly miner: Miner,
		private readonly clock: Clock,
		private readonly randomNonce: () => bigint,
		private readonly surroundings: MinerSurroundings
	) {
		miner.onProgress = ({ hashes, hashRate }) => {
			this.#hashes = hashes;
			this.#hashRate = hashRate;
			this.surroundings.changed();
		};
	}

	view(): MiningView {
		const { rules, tip } = this.ledger.core;
		const target = nextTarget(rules, tip.header, tip.parent?.header);
		return {
			automatic: this.#automatic,
			active: this.#active,
			hashRate: this.#active ? this.#hashRate : 0,
			hashes: this.#active ? this.#hashes - this.#hashesBefore : 0,
			target,
			expectedHashes: Number(workOf(target))
		};
	}

	setAutomatic(automatic: boolean): void {
		this.#automatic = automatic;
		this.update();
	}

	/**
	 * Mines one block. Resolves with null when nothing is pending, also when another node recorded it first. While all that is
	 * pending is withheld, the block waits for it. Rejects when mining or storage fails.
	 */
	mineOne(): Promise<MinedBlock> {
		if (this.#stopped || this.ledger.core.mempool.size === 0) return Promise.resolve(null);
		const request = deferred<MinedBlock>();
		this.#requested.push(request);
		this.update();
		return request.promise;
	}

	/** Called after every change of tip or wishes: starts, replaces or ends the job. */
	update(): void {
		// While our own block is taken in, the change is its doing; `#take` knows how that ends, and updates again.
		if (this.#taking || this.#stopped) return;
		if (this.ledger.core.mempool.size === 0) this.#answer(null);
		this.#cancelRefresh?.();
		this.#cancelGathering?.();
		this.#cancelGathering = undefined;
		this.#isBehind = this.surroundings.isFarBehind();
		const block = this.#nextBlock();
		if (!block) {
			this.#active = false;
			this.miner.stop();
		} else {
			this.#builtAt = this.clock.now();
			void this.#mine(block);
			this.#cancelRefresh = this.clock.after(TEMPLATE_REFRESH_MS, () => this.update());
		}
		this.surroundings.changed();
	}

	/**
	 * Called after transactions were admitted: they go into a new template at once or, where the running one is new itself, together
	 * with those that follow. In a rush of ballots, a template for each would cost more than all else, because each has to hash
	 * everything that goes into it.
	 */
	transactionsCame(): void {
		if (this.#cancelGathering) return;
		const ageMs = this.clock.now() - this.#builtAt;
		if (!this.#active || ageMs >= TEMPLATE_GATHER_MS) return this.update();
		// A clock that was set back makes the template look younger than new.
		const restMs = TEMPLATE_GATHER_MS - Math.max(0, ageMs);
		this.#cancelGathering = this.clock.after(restMs, () => this.update());
	}

	/** Called when something else changed that may be a reason to mine: leaves a running job alone. */
	reconsider(): void {
		if (this.#active) return;
		const hasCaughtUp = this.#isBehind && !this.surroundings.isFarBehind();
		if (hasCaughtUp || this.surroundings.isContested()) this.update();
	}

	stop(): void {
		this.#stopped = true;
		this.#cancelRefresh?.();
		this.#cancelGathering?.();
		this.#answer(null);
		this.miner.close();
	}

	/**
	 * The block to search a nonce for, but for the nonce; undefined when there is no reason to mine. Pending ones that
	 * no block can record (the poll has closed, say) are none.
	 */
	#nextBlock(): Block | undefined {
		const { mempool, state, tip } = this.ledger.core;
		const { isWithheld } = this.surroundings;
		const isRequested = this.#requested.length > 0 && mempool.all().some(({ id }) => !isWithheld(id));
		if (this.#paused || !(isRequested || (this.#automatic && !this.#isBehind))) return undefined;
		const lastRecorded = state.lastRecordedHeight;
		const isUnconfirmed = lastRecorded > 0 && tip.header.height - lastRecorded + 1 < CONFIRMATIONS;
		const isNeeded = isRequested || isUnconfirmed || this.surroundings.isContested();
		if (!isNeeded && mempool.size === 0) return undefined;
		const template = buildTemplate(this.ledger.core, this.randomNonce(), isWithheld);
		return isNeeded || template.transactions.length > 0 ? template : undefined;
	}

	async #mine(template: Block): Promise<void> {
		this.#active = true;
		if (template.header.height !== this.#height) {
			this.#height = template.header.height;
			this.#hashesBefore = this.#hashes;
		}
		try {
			const found = await this.miner.mine({ header: encodeHeader(template.header), target: template.header.target });
			if (found) await this.#take({ ...template, header: { ...template.header, nonce: found.nonce } }, found.hash);
		} catch (error) {
			this.#fail(error);
		}
	}

	/**
	 * Our own block goes the way of every block. A tip that came first makes it a side branch: that is no error, but
	 * whoever asked for a block still waits for one.
	 */
	async #take(block: Block, hash: BlockHash): Promise<void> {
		this.#taking = true;
		try {
			const outcome = await this.ledger.addBlock(block);
			if (outcome !== 'stored') this.#answer({ height: block.header.height, hash });
		} finally {
			this.#taking = false;
		}
		this.update();
	}

	#answer(result: MinedBlock): void {
		for (const request of this.#requested.splice(0)) request.resolve(result);
	}

	/** A worker that died, a full disk or a clock that was set back would fail again at once: wait, then try anew. */
	#fail(error: unknown): void {
		for (const request of this.#requested.splice(0)) request.reject(error);
		this.#paused = true;
		this.clock.after(PAUSE_MS, () => {
			this.#paused = false;
			this.update();
		});
		this.update();
	}
}
