import { PollenError } from '../../errors/pollenError';
import type { Election } from '../definition';
import { MIN_GROUP } from '../limits';
import { phaseAt, type PhaseContext } from '../phase';
import type { Opening } from '../transaction';

/** What an opening is judged against. */
export interface OpeningContext extends PhaseContext {
	readonly election: Election;
	/** Voters enrolled so far. */
	readonly enrolled: number;
}

/**
 * All rules for an opening but the signature and the root. Of the smallest group the secrecy of the ballot would be
 * nothing: two members know each other's vote from the result.
 * @param timestamp ms since the epoch, as for a ballot
 * @throws PollenError no-enrolment, already-open, poll-closed, bad-group, group-too-small
 */
export function checkOpening(context: OpeningContext, opening: Opening, timestamp: number): void {
	if (context.election.eligibility !== 'enrolment') {
		throw new PollenError('no-enrolment', 'the roll itself is the group');
	}
	const phase = phaseAt(context, timestamp);
	if (phase === 'closed') throw new PollenError('poll-closed', 'the poll is closed');
	if (phase !== 'enrolment') throw new PollenError('already-open', 'the group is frozen already');
	if (opening.groupSize !== context.enrolled) {
		throw new PollenError('bad-group', `${context.enrolled} voters are enrolled, not ${opening.groupSize}`);
	}
	if (opening.groupSize < MIN_GROUP) throw new PollenError('group-too-small', `a group has at least ${MIN_GROUP}`);
}
