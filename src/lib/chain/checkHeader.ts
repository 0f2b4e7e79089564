import type { BlockHash } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { nextTarget, type DifficultyRules } from './difficulty';
import { HEADER_VERSION, type Header } from './header';
import { meetsTarget } from './work';

/** How far ahead of this node's clock a block may stand, in milliseconds: the error that honest clocks may have. */
export const MAX_FUTURE_MS = 60_000;

export interface HeaderContext {
	readonly header: Header;
	/** The work hash of `header`. */
	readonly hash: BlockHash;
	readonly parent: Header;
	readonly parentHash: BlockHash;
	/** The parent's parent; undefined only when the parent is the genesis. */
	readonly grandparent: Header | undefined;
	readonly rules: DifficultyRules;
	/** This node's time, in milliseconds since the epoch. */
	readonly now: number;
}

/**
 * All rules for a header that is not the genesis, cheapest proof of fault first. `future-time` comes last, so that it
 * means: nothing is wrong but the clock, and the header may be tried again later.
 * @throws PollenError bad-encoding, unknown-parent, bad-height, bad-target, bad-work, bad-time or future-time
 */
export function checkHeader(context: HeaderContext): void {
	const { header, hash, parent, parentHash, grandparent, rules, now } = context;
	checkVersion(header);
	checkLinkage(header, parentHash);
	checkHeight(header, parent);
	checkTarget(header, nextTarget(rules, parent, grandparent));
	checkWork(header, hash);
	checkTime(header, parent);
	checkNotFuture(header, now);
}

export function checkVersion(header: Header): void {
	if (header.version === HEADER_VERSION) return;
	throw new PollenError('bad-encoding', `header version ${header.version} is not ${HEADER_VERSION}`);
}

export function checkLinkage(header: Header, parentHash: BlockHash): void {
	if (header.previousHash === parentHash) return;
	throw new PollenError('unknown-parent', 'header does not follow the given parent');
}

export function checkHeight(header: Header, parent: Header): void {
	if (header.height === parent.height + 1) return;
	throw new PollenError('bad-height', `height ${header.height} does not follow ${parent.height}`);
}

export function checkTarget(header: Header, expected: bigint): void {
	if (header.target === expected) return;
	throw new PollenError('bad-target', 'target is not the one that follows from the chain');
}

export function checkWork(header: Header, hash: BlockHash): void {
	if (meetsTarget(hash, header.target)) return;
	throw new PollenError('bad-work', 'hash is above the target');
}

/** Strictly later than the parent: solve times stay positive, on which the difficulty rule relies. */
export function checkTime(header: Header, parent: Header): void {
	if (header.timestamp > parent.timestamp) return;
	throw new PollenError('bad-time', 'timestamp is not after the parent');
}

export function checkNotFuture(header: Header, now: number): void {
	if (header.timestamp <= now + MAX_FUTURE_MS) return;
	throw new PollenError('future-time', `timestamp is more than ${MAX_FUTURE_MS} ms ahead`);
}
