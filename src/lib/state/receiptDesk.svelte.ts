import type { ReceiptFile } from '../audit/receiptFile';
import type { Nullifier } from '../bytes/hash';
import { receiptCode } from '../election/receiptCode';
import { errorCode, type ErrorCode } from '../errors/pollenError';
import type { BallotPlace, PollenNode } from '../node/api';

/** A ballot in the eyes of who cast it. */
export interface ReceiptView {
	readonly nullifier: Nullifier;
	readonly receiptCode: string;
	/** Whether it was cast in this browser. */
	readonly isOwn: boolean;
	/** One option index a contest, 255 for none; undefined when neither this device nor the chain says it. */
	readonly choices: readonly number[] | undefined;
	/** Undefined when nobody here knows of the ballot any more. */
	readonly place: BallotPlace | undefined;
}

type Filing = Pick<PollenNode, 'receipts' | 'ballotStatus' | 'ballots' | 'receiptFile'>;

/** The receipts of the ballots that were cast on this device, each with where its ballot is now, and the one being read. */
export class ReceiptDesk {
	readonly #node: Filing;
	#receipts: readonly ReceiptView[] = $state.raw([]);
	#votersHere: readonly string[] = $state.raw([]);
	#open: ReceiptView | undefined = $state.raw();
	#fileProblem: ErrorCode | undefined = $state.raw();
	#readProblem: ErrorCode | undefined = $state.raw();
	#wanted: Nullifier | undefined;
	#stale = false;
	#refreshing: Promise<void> | undefined;

	constructor(node: Filing) {
		this.#node = node;
	}

	/** In the order in which they were cast. */
	get receipts(): readonly ReceiptView[] {
		return this.#receipts;
	}

	/** Voter IDs that cast a ballot on this device. */
	get votersHere(): readonly string[] {
		return this.#votersHere;
	}

	/** The receipt that is being read. */
	get open(): ReceiptView | undefined {
		return this.#open;
	}

	/** Why the receipt file could not be made, or the receipts not be read. */
	get problem(): ErrorCode | undefined {
		return this.#fileProblem ?? this.#readProblem;
	}

	/** Takes out the receipt of a ballot, cast on this device or not. */
	async show(nullifier: Nullifier): Promise<void> {
		this.#wanted = nullifier;
		this.#fileProblem = undefined;
		await this.refresh();
	}

	/** Puts the receipt that is being read back. */
	hide(): void {
		this.#wanted = this.#open = undefined;
	}

	/** Asks the node anew. Calls made meanwhile lead to one more question, not to one each. */
	refresh(): Promise<void> {
		this.#stale = true;
		this.#refreshing ??= this.#readWhileStale().finally(() => {
			this.#refreshing = undefined;
		});
		return this.#refreshing;
	}

	/** The file for the receipt that is being read; undefined when it cannot be made, and `problem` says why. */
	async file(): Promise<ReceiptFile | undefined> {
		if (this.#open === undefined) return undefined;
		this.#fileProblem = undefined;
		try {
			return await this.#node.receiptFile(this.#open.nullifier);
		} catch (error) {
			this.#fileProblem = errorCode(error, 'worker-failed');
			return undefined;
		}
	}

	async #readWhileStale(): Promise<void> {
		while (this.#stale) {
			this.#stale = false;
			try {
				await this.#read();
				this.#readProblem = undefined;
			} catch (error) {
				this.#readProblem = errorCode(error, 'storage-failed');
			}
		}
	}

	async #read(): Promise<void> {
		const stored = (await this.#node.receipts()).toSorted((a, b) => a.castAt - b.castAt);
		const wanted = this.#wanted;
		const receipts = await Promise.all(stored.map((receipt) => this.#view(receipt.nullifier, receipt.choices)));
		const own = receipts.find((receipt) => receipt.nullifier === wanted);
		const open = wanted === undefined ? undefined : (own ?? (await this.#view(wanted)));
		this.#receipts = receipts;
		this.#votersHere = stored.map((receipt) => receipt.voterId);
		if (wanted === this.#wanted) this.#open = open;
	}

	/** @param own what was cast on this device, which another ballot of the same credential may have replaced */
	async #view(nullifier: Nullifier, own?: readonly number[]): Promise<ReceiptView> {
		const status = await this.#node.ballotStatus(nullifier);
		const counted = () => this.#node.ballots().find((ballot) => ballot.nullifier === nullifier)?.choices;
		return {
			nullifier,
			receiptCode: receiptCode(nullifier),
			isOwn: own !== undefined,
			choices: own ?? counted(),
			place: status?.place
		};
	}
}
