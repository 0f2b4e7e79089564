import type { DraftPlace } from '../organising/checkDraft';

/** The steps of the form of a new election, in their order. */
export const STEPS = ['about', 'contests', 'voters', 'eligibility', 'times', 'summary'] as const;

export type Step = (typeof STEPS)[number];

const STEPS_OF: Readonly<Partial<Record<DraftPlace, Step>>> = {
	title: 'about',
	description: 'about',
	voters: 'voters',
	eligibility: 'eligibility',
	'opens-at': 'times',
	'closes-at': 'times'
};

/** The step that holds a field. */
export function stepOf(place: DraftPlace): Step {
	return STEPS_OF[place] ?? 'contests';
}
