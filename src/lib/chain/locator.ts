import type { BlockHash } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import type { ChainEntry } from './chainEntry';

/** Most hashes in a locator: enough for four million blocks before the last step becomes a longer one. */
export const MAX_LOCATOR_LENGTH = 32;

/** The latest entries stand in a locator one by one, because forks are almost always short. */
const DENSE_LENGTH = 10;

/**
 * The ancestor of an entry (or the entry itself) at a height.
 * @throws PollenError bad-height when the height is not in 0 to the entry's own
 */
export function ancestorAt(entry: ChainEntry, height: number): ChainEntry {
	let ancestor: ChainEntry | undefined = entry;
	while (ancestor && ancestor.header.height > height) ancestor = ancestor.parent;
	if (ancestor?.header.height === height) return ancestor;
	throw new PollenError('bad-height', `no ancestor at height ${height}`);
}

/** Whether the branch up to `tip` holds the block with this hash at this height. */
export function holdsAt(tip: ChainEntry, height: number, hash: BlockHash): boolean {
	return height >= 0 && height <= tip.header.height && ancestorAt(tip, height).hash === hash;
}

/**
 * Hashes that tell a peer where one's branch is: the latest ones, then ever sparser, the genesis last. The peer
 * answers from the first of them that it has on its own branch, so the steps cost at most a repeat of half the branch.
 */
export function locatorOf(tip: ChainEntry): BlockHash[] {
	const locator: BlockHash[] = [];
	let entry = tip;
	let step = 1;
	while (entry.parent && locator.length < MAX_LOCATOR_LENGTH - 1) {
		locator.push(entry.hash);
		if (locator.length >= DENSE_LENGTH) step *= 2;
		entry = ancestorAt(entry, Math.max(0, entry.header.height - step));
	}
	locator.push(ancestorAt(entry, 0).hash);
	return locator;
}

/**
 * The entry where a peer's branch, given by its locator, leaves that of `tip`, as well as the locator tells: the
 * highest entry of the branch that the locator names, or the genesis. One walk down, so that a hostile locator costs
 * no more than an honest one. A locator lists newest first, so the highest is also the first.
 */
export function forkPoint(locator: readonly BlockHash[], tip: ChainEntry): ChainEntry {
	const named = new Set(locator);
	let entry = tip;
	while (entry.parent && !named.has(entry.hash)) entry = entry.parent;
	return entry;
}

/** Entries of the branch of `tip` above the fork point, upwards, at most `limit`. */
export function followingOf(locator: readonly BlockHash[], tip: ChainEntry, limit: number): ChainEntry[] {
	const fork = forkPoint(locator, tip);
	const lastHeight = Math.min(tip.header.height, fork.header.height + Math.max(0, limit));
	const entries: ChainEntry[] = [];
	for (let entry = ancestorAt(tip, lastHeight); entry !== fork; entry = entry.parent as ChainEntry) entries.push(entry);
	return entries.reverse();
}
