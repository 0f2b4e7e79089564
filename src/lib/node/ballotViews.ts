import type { BlockHash, Nullifier } from '../bytes/hash';
import type { CountedBallot, ElectionState } from '../election/state';
import type { BallotView } from './api';
import type { ReceiptCodes } from './receiptCodes';

/** Counted ballots as the page sees them: made once for each, so that another block costs the ballots in it and not all. */
export class BallotViews {
	readonly #views = new WeakMap<CountedBallot, BallotView>();

	constructor(private readonly codes: ReceiptCodes) {}

	/** In chain order. */
	all({ ballots }: Pick<ElectionState, 'ballots'>): BallotView[] {
		return Array.from(ballots.values(), (ballot) => this.#viewOf(ballot));
	}

	#viewOf(ballot: CountedBallot): BallotView {
		let view = this.#views.get(ballot);
		if (view === undefined) {
			view = new View(ballot, this.codes);
			this.#views.set(ballot, view);
		}
		return view;
	}
}

class View implements BallotView {
	readonly nullifier: Nullifier;
	readonly choices: readonly number[];
	readonly height: number;
	readonly blockHash: BlockHash;
	readonly timestamp: number;
	readonly #codes: ReceiptCodes;

	constructor({ nullifier, choices, height, blockHash, timestamp }: CountedBallot, codes: ReceiptCodes) {
		this.nullifier = nullifier;
		this.choices = choices;
		this.height = height;
		this.blockHash = blockHash;
		this.timestamp = timestamp;
		this.#codes = codes;
	}

	/** Hashed when it is first looked at: of ten thousand ballots a page shows a few. */
	get receiptCode(): string {
		return this.#codes.of(this.nullifier);
	}
}
