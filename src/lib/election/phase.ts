import type { Election } from './definition';

/**
 * `enrolment`: voters enrol, the group is not frozen yet. `before`: the group is frozen, `opensAt` is still to come.
 * `open`: ballots count. `closed`: by a closing, or because `closesAt` has come.
 */
export type Phase = 'enrolment' | 'before' | 'open' | 'closed';

/** What a phase depends on besides the time: what the chain says. */
export interface PhaseContext {
	readonly election: Pick<Election, 'opensAt' | 'closesAt'>;
	/** Whether the group is frozen: from the start with `issued`, by the opening with `enrolment`. */
	readonly isFrozen: boolean;
	/** Whether the chain holds a closing. */
	readonly isClosed: boolean;
}

/**
 * The phase at `timestamp` (ms since the epoch). The poll is open from `opensAt` inclusive to `closesAt` exclusive.
 * Consensus asks with a block's timestamp, the interface with the time now.
 */
export function phaseAt({ election, isFrozen, isClosed }: PhaseContext, timestamp: number): Phase {
	if (isClosed || (election.closesAt !== null && timestamp >= Date.parse(election.closesAt))) return 'closed';
	if (!isFrozen) return 'enrolment';
	if (election.opensAt !== null && timestamp < Date.parse(election.opensAt)) return 'before';
	return 'open';
}
