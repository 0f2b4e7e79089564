import type { Nullifier } from '../../bytes/hash';
import { PollenError } from '../../errors/pollenError';
import type { Election } from '../definition';
import { phaseAt, type PhaseContext } from '../phase';
import type { Ballot } from '../transaction';
import { checkChoices } from './checkChoices';
import { checkUnused } from './checkUnused';

/** What a ballot is judged against. */
export interface BallotContext extends PhaseContext {
	readonly election: Election;
	readonly ballots: ReadonlyMap<Nullifier, unknown>;
}

/**
 * All rules for a ballot but the proof.
 * @param timestamp ms since the epoch: of the block that holds it, or for the mempool the time now
 * @throws PollenError poll-not-open, poll-closed, unknown-option, no-choice, duplicate-nullifier
 */
export function checkBallot(context: BallotContext, ballot: Ballot, timestamp: number): void {
	checkPollOpen(context, timestamp);
	checkChoices(context.election, ballot.choices);
	checkUnused(context.ballots, ballot.nullifier);
}

/**
 * @param timestamp of the block that holds a ballot, or of the block that could hold it next; ms since the epoch.
 * @throws PollenError poll-not-open, poll-closed
 */
export function checkPollOpen(context: PhaseContext, timestamp: number): void {
	const phase = phaseAt(context, timestamp);
	if (phase === 'closed') throw new PollenError('poll-closed', 'the poll is closed');
	if (phase !== 'open') throw new PollenError('poll-not-open', 'the poll is not open yet');
}
