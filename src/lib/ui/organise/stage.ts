import type { Election } from '../../election/definition';
import { MIN_GROUP } from '../../election/limits';
import type { NodeSnapshot } from '../../node/api';

/** How far an election has come, as its organiser sees it: the phase, and what was signed but is not recorded yet. */
export type Stage =
	| 'enrolment'
	/** The opening waits to be recorded. */
	| 'opening'
	/** Everything is ready; `opensAt` is still to come. */
	| 'before'
	| 'open'
	/** The closing waits to be recorded. */
	| 'closing'
	/** `closesAt` has come, and no closing makes the result final. */
	| 'over'
	/** `closesAt` has come before anybody opened the poll. */
	| 'never-opened'
	| 'closed';

/** The one next thing to do. */
export type NextThing = 'invite' | 'open' | 'close' | 'wait' | 'results';

/** What of a node's snapshot the stage depends on. */
export type StageSnapshot = Pick<NodeSnapshot, 'phase' | 'closing' | 'opening' | 'organiserTask' | 'enrolled'>;

export function stageOf(snapshot: StageSnapshot, { eligibility }: Pick<Election, 'eligibility'>): Stage {
	if (snapshot.closing) return 'closed';
	if (snapshot.organiserTask === 'closing') return 'closing';
	switch (snapshot.phase) {
		case 'enrolment':
			return snapshot.organiserTask === 'opening' ? 'opening' : 'enrolment';
		case 'closed':
			return eligibility === 'enrolment' && !snapshot.opening ? 'never-opened' : 'over';
		default:
			return snapshot.phase;
	}
}

export function canOpen({ enrolled }: Pick<NodeSnapshot, 'enrolled'>): boolean {
	return enrolled >= MIN_GROUP;
}

/** @param ballots recorded so far */
export function nextThing(
	stage: Stage,
	snapshot: StageSnapshot,
	{ eligibility }: Pick<Election, 'eligibility'>,
	ballots: number
): NextThing {
	switch (stage) {
		case 'enrolment':
			return canOpen(snapshot) ? 'open' : 'invite';
		case 'before':
			return eligibility === 'issued' ? 'invite' : 'wait';
		case 'open':
			return eligibility === 'issued' && ballots === 0 ? 'invite' : 'close';
		case 'over':
			return 'close';
		case 'opening':
		case 'closing':
			return 'wait';
		case 'closed':
		case 'never-opened':
			return 'results';
	}
}

/** Below this many voters the secret of a ballot is weak: the result alone tells much about each. */
export const FEW_VOTERS = 10;

/** How well a group of so many hides each ballot. */
export function secrecyOf(voters: number): 'none' | 'weak' | 'good' {
	if (voters < MIN_GROUP) return 'none';
	return voters < FEW_VOTERS ? 'weak' : 'good';
}
