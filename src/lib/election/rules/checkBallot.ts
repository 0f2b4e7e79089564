import type { Nullifier } from '../../bytes/hash';
import type { Election } from '../definition';
import type { Ballot } from '../transaction';
import { checkChoices } from './checkChoices';
import { checkPollOpen } from './checkPollOpen';
import { checkUnused } from './checkUnused';

/** What a ballot is judged against. */
export interface BallotContext {
	readonly election: Election;
	readonly ballots: ReadonlyMap<Nullifier, unknown>;
}

/**
 * All rules for a ballot but the proof, which costs most and is therefore asked last.
 * @param timestamp ms since the epoch: of the block that holds it, or for the mempool the time now
 * @throws PollenError poll-not-open, poll-closed, unknown-option, no-choice, duplicate-nullifier
 */
export function checkBallot(context: BallotContext, ballot: Ballot, timestamp: number): void {
	checkPollOpen(context.election, timestamp);
	checkChoices(context.election, ballot.choices);
	checkUnused(context.ballots, ballot.nullifier);
}
