import type { Pace } from '../audit/pace';
import type { Nullifier } from '../bytes/hash';
import { receiptCode } from '../election/receiptCode';

/**
 * Receipt codes of ballots, each hashed once: the page shows and searches all of them again with every block. There are no more
 * than voters on the roll, since only those of ballots are asked for whose proof holds.
 */
export class ReceiptCodes {
	readonly #codes = new Map<Nullifier, string>();

	/** Hashes all of these ahead, a few at a time, so that a search need not. */
	async learn(nullifiers: Iterable<Nullifier>, pace: Pace): Promise<void> {
		for (const nullifier of nullifiers) {
			if (this.#codes.has(nullifier)) continue;
			this.of(nullifier);
			await pace.breathe();
		}
	}

	of(nullifier: Nullifier): string {
		let code = this.#codes.get(nullifier);
		if (code === undefined) {
			code = receiptCode(nullifier);
			this.#codes.set(nullifier, code);
		}
		return code;
	}
}
