import type { MessageFaults } from './faultyNetwork';

/** Kinds of faults that a run may have, besides delay. */
export const FAULTS = ['partitions', 'links', 'crashes', 'disks', 'messages', 'clocks', 'liars'] as const;
export type Fault = (typeof FAULTS)[number];

/** A little of everything: with more, links are given up faster than they form, and nothing is tested but that. */
export const MESSAGE_FAULTS: MessageFaults = { loss: 0.03, duplication: 0.03, reordering: 0.05, maxLateMs: 1_000 };

/** Clocks of honest nodes differ by no more than the rules forgive, which is twice this. */
export const MAX_SKEW_MS = 30_000;
/** The clock of one node in some runs is off by this much, early or late. */
export const WRONG_CLOCK_MS = 300_000;

/** Reads `all`, `none`, or names separated by commas, with a minus before those that are left out of all. */
export function parseFaults(text: string): ReadonlySet<Fault> {
	if (text === 'none') return new Set();
	const names = text === 'all' ? [] : text.split(',');
	const unknown = names.find((name) => !FAULTS.some((fault) => fault === name.replace(/^-/, '')));
	if (unknown !== undefined) throw new RangeError(`no fault is called ${unknown}; there are ${FAULTS.join(', ')}`);
	if (names.every((name) => name.startsWith('-')))
		return new Set(FAULTS.filter((fault) => !names.includes(`-${fault}`)));
	return new Set(FAULTS.filter((fault) => names.includes(fault)));
}
