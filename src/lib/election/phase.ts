import type { Election } from './definition';

export type Phase = 'before' | 'open' | 'closed';

/**
 * Whether ballots count at `timestamp` (ms since the epoch). The poll is open from `opensAt` inclusive to `closesAt`
 * exclusive. Consensus asks with a block's timestamp, the interface with the time now.
 */
export function phaseAt(election: Pick<Election, 'opensAt' | 'closesAt'>, timestamp: number): Phase {
	if (election.closesAt !== null && timestamp >= Date.parse(election.closesAt)) return 'closed';
	if (election.opensAt !== null && timestamp < Date.parse(election.opensAt)) return 'before';
	return 'open';
}
