import type { Step } from '../../state/newElectionSteps';

export const STEP_NAMES: Readonly<Record<Step, string>> = {
	about: 'What is it about',
	contests: 'Contests',
	voters: 'Voters',
	eligibility: 'Eligibility',
	times: 'Times',
	summary: 'Summary'
};
