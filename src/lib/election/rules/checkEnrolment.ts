import type { Hash } from '../../bytes/hash';
import { PollenError } from '../../errors/pollenError';
import type { Election } from '../definition';
import { phaseAt, type PhaseContext } from '../phase';
import type { Enrolment } from '../transaction';

/** What an enrolment is judged against. */
export interface EnrolmentContext extends PhaseContext {
	readonly election: Election;
	isEnrolled(rollIndex: number): boolean;
	isCommitted(commitment: Hash): boolean;
}

/**
 * All rules for an enrolment but the signature. A voter enrols once, the first in chain order, and no two voters with the
 * same credential, because that has only one vote.
 * @param timestamp ms since the epoch, as for a ballot
 * @throws PollenError no-enrolment, enrolment-closed, poll-closed, unknown-voter, already-enrolled, duplicate-commitment
 */
export function checkEnrolment(context: EnrolmentContext, enrolment: Enrolment, timestamp: number): void {
	const { election } = context;
	if (election.eligibility !== 'enrolment') throw new PollenError('no-enrolment', 'nobody enrols in this election');
	const phase = phaseAt(context, timestamp);
	if (phase === 'closed') throw new PollenError('poll-closed', 'the poll is closed');
	if (phase !== 'enrolment') throw new PollenError('enrolment-closed', 'the opening has ended enrolment');
	if (enrolment.rollIndex >= election.roll.length) {
		throw new PollenError('unknown-voter', `the roll has no entry ${enrolment.rollIndex}`);
	}
	if (context.isEnrolled(enrolment.rollIndex)) {
		throw new PollenError('already-enrolled', `voter ${enrolment.rollIndex} is enrolled already`);
	}
	if (context.isCommitted(enrolment.commitment)) {
		throw new PollenError('duplicate-commitment', `commitment ${enrolment.commitment} is enrolled already`);
	}
}
