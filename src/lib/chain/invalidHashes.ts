import type { BlockHash } from '../bytes/hash';

/** How many invalid hashes are remembered. A forgotten one is checked again and refused again. */
export const MAX_INVALID_HASHES = 10_000;

/** The hashes last found invalid; the oldest are forgotten first. */
export class InvalidHashes {
	/** A Set keeps the order of insertion, so its first value is the oldest. */
	readonly #hashes = new Set<BlockHash>();

	add(hash: BlockHash): void {
		this.#hashes.delete(hash);
		this.#hashes.add(hash);
		if (this.#hashes.size <= MAX_INVALID_HASHES) return;
		for (const oldest of this.#hashes) {
			this.#hashes.delete(oldest);
			return;
		}
	}

	has(hash: BlockHash): boolean {
		return this.#hashes.has(hash);
	}
}
