import type { BlockHash } from '../bytes/hash';
import { isBetter } from '../chain/forkChoice';
import type { ChainEntry } from '../chain/tree';

/**
 * Which known headers have a body on this device, and which of those are complete: all their ancestors have one too.
 * Only a complete entry can become the tip. Bodies may arrive in any order.
 */
export class BodyIndex {
	/** Every entry with a body, by its parent's hash. */
	readonly #children = new Map<BlockHash, Set<ChainEntry>>();
	readonly #complete = new Map<BlockHash, ChainEntry>();
	#best: ChainEntry;
	/** The genesis needs no body. */
	#size = 1;

	constructor(private readonly genesis: ChainEntry) {
		this.#complete.set(genesis.hash, genesis);
		this.#best = genesis;
	}

	/** Number of entries with a body, the genesis included. */
	get size(): number {
		return this.#size;
	}

	/** The complete entry that fork choice prefers. */
	get best(): ChainEntry {
		return this.#best;
	}

	has(entry: ChainEntry): boolean {
		return entry === this.genesis || (this.#children.get(entry.header.previousHash)?.has(entry) ?? false);
	}

	isComplete(entry: ChainEntry): boolean {
		return this.#complete.has(entry.hash);
	}

	add(entry: ChainEntry): void {
		if (this.has(entry)) return;
		this.#size += 1;
		const siblings = this.#children.get(entry.header.previousHash) ?? new Set();
		this.#children.set(entry.header.previousHash, siblings.add(entry));
		if (!this.#complete.has(entry.header.previousHash)) return;
		const ready = [entry];
		for (const next of ready) {
			this.#complete.set(next.hash, next);
			if (isBetter(next, this.#best)) this.#best = next;
			ready.push(...(this.#children.get(next.hash) ?? []));
		}
	}

	/** Forgets that these have a body. What builds on them keeps its own, but is complete no more. */
	remove(entries: readonly ChainEntry[]): void {
		const incomplete = [...entries];
		for (const entry of incomplete) {
			if (this.#complete.delete(entry.hash)) incomplete.push(...(this.#children.get(entry.hash) ?? []));
		}
		for (const entry of entries) {
			const siblings = this.#children.get(entry.header.previousHash);
			if (siblings?.delete(entry)) this.#size -= 1;
			if (siblings?.size === 0) this.#children.delete(entry.header.previousHash);
		}
		if (!this.#complete.has(this.#best.hash)) this.#best = this.#findBest();
	}

	#findBest(): ChainEntry {
		let best = this.genesis;
		for (const entry of this.#complete.values()) if (isBetter(entry, best)) best = entry;
		return best;
	}
}
