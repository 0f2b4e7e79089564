import { PollenError } from '../../errors/pollenError';
import type { Election } from '../definition';
import { phaseAt } from '../phase';

/**
 * @param timestamp of the block that holds the ballot, or of the block that could hold it next; ms since the epoch.
 * @throws PollenError poll-not-open, poll-closed
 */
export function checkPollOpen(election: Election, timestamp: number): void {
	const phase = phaseAt(election, timestamp);
	if (phase === 'before') throw new PollenError('poll-not-open', `the poll opens at ${election.opensAt}`);
	if (phase === 'closed') throw new PollenError('poll-closed', `the poll closed at ${election.closesAt}`);
}
