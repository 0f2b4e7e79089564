import { PollenError } from '../errors/pollenError';
import type { ChainEntry } from './chainEntry';

/** The blocks to take off and to put on in order to move a chain's state from one tip to another. */
export interface ChainPath {
	/** From the old tip down to, and without, the last common entry. */
	readonly disconnect: ChainEntry[];
	/** From, and without, the last common entry up to the new tip. */
	readonly connect: ChainEntry[];
}

/** Fork choice: a final entry outranks all others; else more cumulative work wins; of equals, what was received first. */
export function isBetter(a: ChainEntry, b: ChainEntry): boolean {
	if (a.isFinal !== b.isFinal) return a.isFinal;
	if (a.work !== b.work) return a.work > b.work;
	return a.arrival < b.arrival;
}

/**
 * The way between two entries of one tree over their last common ancestor.
 * @throws PollenError unknown-parent when they have none, which entries of one tree always have
 */
export function pathBetween(from: ChainEntry, to: ChainEntry): ChainPath {
	const disconnect: ChainEntry[] = [];
	const connect: ChainEntry[] = [];
	let down = from;
	let up = to;
	while (down !== up) {
		// At equal heights both step down: different entries of one height are on different branches.
		const downHeight = down.header.height;
		const upHeight = up.header.height;
		if (downHeight >= upHeight) {
			disconnect.push(down);
			down = parentOf(down);
		}
		if (upHeight >= downHeight) {
			connect.push(up);
			up = parentOf(up);
		}
	}
	return { disconnect, connect: connect.reverse() };
}

function parentOf(entry: ChainEntry): ChainEntry {
	if (entry.parent) return entry.parent;
	throw new PollenError('unknown-parent', 'entries have no common ancestor');
}
