import type { Phase } from '../../election/phase';
import type { WalletEntry } from '../../storage/port';
import { count } from '../format';

type Held = Pick<WalletEntry, 'isOrganiser' | 'credentials' | 'receipts'>;

/** What this browser profile is in an election, by what it holds of it. */
export function roleText({ isOrganiser, credentials, receipts }: Held): string {
	const isVoter = credentials.length > 0 || receipts > 0;
	if (isOrganiser) return isVoter ? 'Organiser and voter' : 'Organiser';
	return isVoter ? 'Voter' : 'Looked in';
}

const PHASES: Readonly<Record<Phase, string>> = {
	enrolment: 'Voters enrol',
	before: 'Opens later',
	open: 'Poll open',
	closed: 'Poll closed'
};

export function phaseText(phase: Phase): string {
	return PHASES[phase];
}

/** What nobody can bring back once the election is left, and what that means. */
export interface Loss {
	readonly kind: 'organiser' | 'credential' | 'receipts';
	/** With 'credential'. */
	readonly voterId?: string;
	readonly what: string;
	readonly consequence: string;
}

export function lossesOf({ isOrganiser, credentials, receipts }: Held): Loss[] {
	const losses: Loss[] = [];
	if (isOrganiser) {
		losses.push({
			kind: 'organiser',
			what: 'The organiser’s key',
			consequence: 'Without it nobody can open or close the poll, or make the invitations anew.'
		});
	}
	for (const voterId of credentials) {
		losses.push({
			kind: 'credential',
			voterId,
			what: `The credential of ${voterId}`,
			consequence: 'Without it this voter can neither vote nor find out whether they have voted.'
		});
	}
	if (receipts > 0) {
		losses.push({
			kind: 'receipts',
			what: count(receipts, 'receipt', 'receipts'),
			consequence:
				'A ballot that is recorded stays recorded. One that still waits here may be lost. Receipts can be downloaded on the election’s Track page.'
		});
	}
	return losses;
}
