import type { Election } from '../../election/definition';
import type { NodeSnapshot, VoterStatus } from '../../node/api';
import { formatNumber, formatTime, type Locale } from '../format';

/** From when ballots are taken, as the end of a sentence: `You can vote …`. */
export function whenPollOpens(
	{ opensAt, eligibility }: Pick<Election, 'opensAt' | 'eligibility'>,
	opening: NodeSnapshot['opening'],
	now: number,
	locale?: Locale
): string {
	const time = opensAt === null || Date.parse(opensAt) <= now ? undefined : formatTime(Date.parse(opensAt), locale);
	const isFrozen = eligibility === 'issued' || opening !== undefined;
	if (isFrozen) return time === undefined ? 'in a moment' : `from ${time}`;
	const byOrganiser = 'when the organiser opens the poll';
	return time === undefined ? byOrganiser : `${byOrganiser}, from ${time} at the earliest`;
}

/** How a voter stands, in a sentence. */
export function describeStep(
	{ step, confirmations = 0 }: VoterStatus,
	eligibility: Election['eligibility'],
	hasOpened: boolean,
	locale?: Locale
): string {
	switch (step) {
		case 'enrol':
			return 'Enrol now, and vote when the poll is open.';
		case 'enrolling':
			return 'You are enrolled on this device. The enrolment is waiting to be recorded.';
		case 'wait':
			if (eligibility === 'issued') return 'You are on the roll. The poll is not open yet.';
			return confirmations > 0
				? `You are enrolled. The enrolment is recorded, ${formatNumber(confirmations, locale)} deep.`
				: 'You are enrolled. The poll is not open yet.';
		case 'vote':
			return hasOpened ? 'The poll is open now. Here is your ballot.' : 'The poll is open. Here is your ballot.';
		case 'voted':
			return 'You have voted.';
		case 'enrolled-elsewhere':
			return 'You are enrolled, but on another device or in another browser.';
		case 'not-enrolled':
			return 'The poll was opened without you.';
		case 'closed':
			return 'The poll is closed.';
	}
}
