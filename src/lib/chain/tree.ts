import type { BlockHash } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { grandparentOf, type ChainEntry } from './chainEntry';
import { isBetter } from './forkChoice';
import type { Header } from './header';
import { InvalidHashes } from './invalidHashes';
import { ancestorAt, followingOf, locatorOf } from './locator';
import { workOf } from './work';

export type { ChainEntry } from './chainEntry';

/**
 * Every known header by its hash, linked to its parent, on all branches. It keeps the arithmetic of the tree (heights
 * and work); the rules of {@link checkHeader} are the caller's, before {@link HeaderTree.insert}.
 */
export class HeaderTree {
	readonly genesis: ChainEntry;

	readonly #entries = new Map<BlockHash, ChainEntry>();
	/** Children of each entry that has some, so that an invalid branch is removed without looking at all entries. */
	readonly #children = new Map<BlockHash, ChainEntry[]>();
	readonly #invalid = new InvalidHashes();
	#best: ChainEntry;
	#nextArrival = 1;

	constructor(genesis: Header, genesisHash: BlockHash) {
		if (genesis.height !== 0) throw new PollenError('bad-height', 'the genesis has height 0');
		this.genesis = { hash: genesisHash, header: genesis, parent: undefined, work: 0n, arrival: 0, isFinal: false };
		this.#entries.set(genesisHash, this.genesis);
		this.#best = this.genesis;
	}

	/** Number of entries, the genesis included. */
	get size(): number {
		return this.#entries.size;
	}

	/** The best entry by fork choice among all headers, whether or not their blocks are here. */
	get best(): ChainEntry {
		return this.#best;
	}

	get(hash: BlockHash): ChainEntry | undefined {
		return this.#entries.get(hash);
	}

	has(hash: BlockHash): boolean {
		return this.#entries.has(hash);
	}

	/** All entries, parents before their children. */
	entries(): IterableIterator<ChainEntry> {
		return this.#entries.values();
	}

	/** Entries that have no children: the ends of all branches. */
	tips(): ChainEntry[] {
		return [...this.#entries.values()].filter((entry) => !this.#children.has(entry.hash));
	}

	/**
	 * Adds a header below its parent; a known hash gives its entry as it stands.
	 * @param arrival defaults to the next number after the largest so far
	 * @throws PollenError invalid-parent when the hash or its parent's was found invalid, unknown-parent, bad-height, or
	 * bad-target when the target is no 256-bit number
	 */
	insert(header: Header, hash: BlockHash, arrival: number = this.#nextArrival): ChainEntry {
		const known = this.#entries.get(hash);
		if (known) return known;
		const parent = this.#parentFor(header, hash);
		const work = parent.work + workOf(header.target);
		const entry: ChainEntry = { hash, header, parent, work, arrival, isFinal: parent.isFinal };
		this.#link(entry, parent);
		if (isBetter(entry, this.#best)) this.#best = entry;
		return entry;
	}

	/**
	 * Removes an entry with all its descendants, and remembers their hashes so that they are not taken in again; a hash
	 * that is not here is only remembered.
	 * @returns what was removed, parents before children
	 * @throws PollenError bad-definition for the genesis, which the election ID pins
	 */
	invalidate(hash: BlockHash): ChainEntry[] {
		if (hash === this.genesis.hash) throw new PollenError('bad-definition', 'the genesis cannot be invalidated');
		const entry = this.#entries.get(hash);
		if (!entry) {
			this.#invalid.add(hash);
			return [];
		}
		const removed = this.#withDescendants(entry);
		// Children first: if not all fit, those nearest to the root stay remembered, and a peer must send them first.
		for (const { hash: removedHash } of removed.toReversed()) this.#forget(removedHash);
		this.#unlinkFromParent(entry);
		if (!this.#entries.has(this.#best.hash)) this.#best = this.#findBest();
		return removed;
	}

	/**
	 * Forgets headers from the ends of branches down, each as long as nothing that stays builds on it and `isNeeded` says no.
	 * Unlike with {@link HeaderTree.invalidate}, they may come back.
	 * @returns how many were forgotten
	 */
	prune(isNeeded: (entry: ChainEntry) => boolean): number {
		const before = this.size;
		for (const tip of this.tips()) {
			let entry = tip;
			while (entry.parent && !this.#children.has(entry.hash) && !isNeeded(entry)) {
				this.#entries.delete(entry.hash);
				this.#unlinkFromParent(entry);
				entry = entry.parent;
			}
		}
		if (!this.#entries.has(this.#best.hash)) this.#best = this.#findBest();
		return before - this.size;
	}

	/** Declares an entry, and all that builds on it now and later, final: see {@link ChainEntry.isFinal}. */
	finalise(entry: ChainEntry): void {
		if (entry.isFinal) return;
		for (const descendant of this.#withDescendants(entry)) descendant.isFinal = true;
		this.#best = this.#findBest();
	}

	isInvalid(hash: BlockHash): boolean {
		return this.#invalid.has(hash);
	}

	/** {@link grandparentOf}: what the difficulty rule needs beside the parent of a new header. */
	grandparentOf(parent: ChainEntry): Header | undefined {
		return grandparentOf(parent);
	}

	/** {@link ancestorAt} */
	ancestorAt(entry: ChainEntry, height: number): ChainEntry {
		return ancestorAt(entry, height);
	}

	/** {@link locatorOf} */
	locator(tip: ChainEntry): BlockHash[] {
		return locatorOf(tip);
	}

	/** {@link followingOf} */
	following(locator: readonly BlockHash[], tip: ChainEntry, limit: number): ChainEntry[] {
		return followingOf(locator, tip, limit);
	}

	/**
	 * Children of an invalid parent are refused but not remembered: their work cannot be checked without the parent, so
	 * anybody could make enough of them to push the remembered hashes out.
	 */
	#parentFor(header: Header, hash: BlockHash): ChainEntry {
		if (this.#invalid.has(hash) || this.#invalid.has(header.previousHash)) {
			throw new PollenError('invalid-parent', 'header is on a branch that was found invalid');
		}
		const parent = this.#entries.get(header.previousHash);
		if (!parent) throw new PollenError('unknown-parent', 'parent is not known');
		if (header.height !== parent.header.height + 1) throw new PollenError('bad-height', 'height does not follow');
		return parent;
	}

	#link(entry: ChainEntry, parent: ChainEntry): void {
		this.#entries.set(entry.hash, entry);
		const siblings = this.#children.get(parent.hash);
		if (siblings) siblings.push(entry);
		else this.#children.set(parent.hash, [entry]);
		this.#nextArrival = Math.max(this.#nextArrival, entry.arrival + 1);
	}

	/** Breadth first with a list, not by recursion: a branch can be deeper than the call stack. */
	#withDescendants(entry: ChainEntry): ChainEntry[] {
		const found = [entry];
		for (const next of found) found.push(...(this.#children.get(next.hash) ?? []));
		return found;
	}

	#forget(hash: BlockHash): void {
		this.#invalid.add(hash);
		this.#entries.delete(hash);
		this.#children.delete(hash);
	}

	#unlinkFromParent(entry: ChainEntry): void {
		const parentHash = entry.header.previousHash;
		const siblings = this.#children.get(parentHash)?.filter((sibling) => sibling !== entry) ?? [];
		if (siblings.length > 0) this.#children.set(parentHash, siblings);
		else this.#children.delete(parentHash);
	}

	#findBest(): ChainEntry {
		let best = this.genesis;
		for (const entry of this.#entries.values()) if (isBetter(entry, best)) best = entry;
		return best;
	}
}
