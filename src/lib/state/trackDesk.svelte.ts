import { checkReceipt, type ReceiptReport } from '../audit/checkReceipt';
import { parseReceiptFile, type ReceiptFile } from '../audit/receiptFile';
import type { Nullifier } from '../bytes/hash';
import { receiptCode } from '../election/receiptCode';
import { formatCode, normaliseCode } from '../election/votingCode';
import { errorCode, type ErrorCode } from '../errors/pollenError';
import type { BallotPlace, PollenNode } from '../node/api';
import { subtleWorkHash } from '../mining/subtleWorkHash';

/** What somebody wants to know the whereabouts of. */
export type Sought =
	| { readonly kind: 'code'; readonly receiptCode: string }
	| { readonly kind: 'file'; readonly file: ReceiptFile; readonly report: ReceiptReport };

/** A ballot as this tab knows it. */
export interface TrackedBallot {
	readonly receiptCode: string;
	/** One option index a contest, 255 for none; undefined when this tab does not know them. */
	readonly choices: readonly number[] | undefined;
	readonly place: BallotPlace;
}

/** How a receipt file compares with the chain of this tab. */
export type ChainVerdict =
	/** The ballot stands in the very block that the file names. */
	| 'stands'
	/** The ballot stands in another block: this file is from before the chain was reorganised. */
	| 'moved'
	/** The ballot is known, but it is in no block. */
	| 'not-recorded'
	| 'unknown'
	| 'other-election';

const RECEIPT_CODE = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/;

type Tracking = Pick<PollenNode, 'electionId' | 'findBallot' | 'ballotStatus' | 'ballots' | 'snapshot' | 'receipts'>;

/** Finds a ballot by its receipt code on the chain of this tab, or checks a receipt file against itself and the chain. */
export class TrackDesk {
	readonly #node: Tracking;
	#typed = $state('');
	#sought: Sought | undefined = $state.raw();
	#ballot: TrackedBallot | undefined = $state.raw();
	#problem: { readonly at: 'code' | 'file'; readonly code: ErrorCode | 'no-receipt-code' } | undefined = $state.raw();
	/** Counts questions, so that an answer to one that was overtaken changes nothing any more. */
	#question = 0;

	constructor(node: Tracking) {
		this.#node = node;
	}

	get typed(): string {
		return this.#typed;
	}

	set typed(code: string) {
		this.#typed = code;
		if (this.#problem?.at === 'code') this.#problem = undefined;
	}

	/** What was asked for last, once there is an answer. */
	get sought(): Sought | undefined {
		return this.#sought;
	}

	/** The ballot that was asked for; undefined when this tab does not know it. */
	get ballot(): TrackedBallot | undefined {
		return this.#ballot;
	}

	get problem(): { readonly at: 'code' | 'file'; readonly code: ErrorCode | 'no-receipt-code' } | undefined {
		return this.#problem;
	}

	/** What the chain says to the receipt file; undefined without one. */
	get verdict(): ChainVerdict | undefined {
		if (this.#sought?.kind !== 'file') return undefined;
		const { file } = this.#sought;
		if (file.electionId !== this.#node.electionId) return 'other-election';
		if (this.#ballot === undefined) return 'unknown';
		const { place } = this.#ballot;
		if (place.at !== 'block') return 'not-recorded';
		return place.blockHash === file.block.hash ? 'stands' : 'moved';
	}

	/** Looks for the ballot with the code that was typed, however it was typed. */
	async find(): Promise<void> {
		const code = formatCode(normaliseCode(this.#typed));
		if (!RECEIPT_CODE.test(code)) {
			this.#begin();
			this.#problem = { at: 'code', code: 'no-receipt-code' };
			return;
		}
		await this.#answer('code', this.#begin(), () => Promise.resolve({ kind: 'code', receiptCode: code }));
	}

	/** Checks the text of a receipt file. */
	async check(text: string): Promise<void> {
		await this.#answer('file', this.#begin(), async () => {
			const file = parseReceiptFile(text);
			return { kind: 'file', file, report: await checkReceipt(file, { workHash: subtleWorkHash }) };
		});
	}

	/** Looks again for what was asked for: the chain has changed. */
	async refresh(): Promise<void> {
		const sought = this.#sought;
		const question = this.#question;
		if (sought === undefined) return;
		const ballot = await this.#look(sought).catch(() => this.#ballot);
		if (question === this.#question) this.#ballot = ballot;
	}

	#begin(): number {
		this.#problem = this.#sought = this.#ballot = undefined;
		return ++this.#question;
	}

	async #answer(at: 'code' | 'file', question: number, ask: () => Promise<Sought>): Promise<void> {
		try {
			const sought = await ask();
			const ballot = await this.#look(sought);
			if (question !== this.#question) return;
			this.#ballot = ballot;
			this.#sought = sought;
		} catch (error) {
			if (question === this.#question) this.#problem = { at, code: errorCode(error, 'worker-failed') };
		}
	}

	async #look(sought: Sought): Promise<TrackedBallot | undefined> {
		const nullifier = sought.kind === 'file' ? sought.file.nullifier : await this.#nullifierOf(sought.receiptCode);
		if (nullifier === undefined) return undefined;
		const status = await this.#node.ballotStatus(nullifier);
		if (status === undefined) return undefined;
		const { receiptCode, place } = status;
		return { receiptCode, place, choices: this.#choicesOf(nullifier, receiptCode) };
	}

	async #nullifierOf(code: string): Promise<Nullifier | undefined> {
		const found = this.#node.findBallot(code);
		if (found !== undefined) return found;
		// A ballot that no chain and no peer holds any more may still be kept where it was cast.
		const kept = await this.#node.receipts();
		return kept.find(({ nullifier }) => receiptCode(nullifier) === code)?.nullifier;
	}

	#choicesOf(nullifier: Nullifier, code: string): readonly number[] | undefined {
		const counted = this.#node.ballots().find((ballot) => ballot.nullifier === nullifier);
		if (counted) return counted.choices;
		for (const pending of this.#node.snapshot().pending) {
			if (pending.kind === 'ballot' && pending.receiptCode === code) return pending.choices;
		}
		return undefined;
	}
}
