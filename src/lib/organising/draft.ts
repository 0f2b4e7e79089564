import * as v from 'valibot';
import { PollenError } from '../errors/pollenError';
import type { Election } from '../election/definition';
import { BLOCK_INTERVAL_MS, INITIAL_DIFFICULTY, type ElectionPlan } from './electionPlan';
import { readRoll, type RollReading } from './rollFile';

export interface DraftContest {
	readonly title: string;
	readonly options: readonly string[];
}

/** The form of a new election as far as it is filled in: everything as it was typed. Plain data, for the wallet. */
export interface Draft {
	readonly title: string;
	readonly description: string;
	readonly contests: readonly DraftContest[];
	/** The list of voters, pasted or read from a file. */
	readonly voters: string;
	readonly eligibility: Election['eligibility'];
	/** Local time without a zone, as date-and-time boxes give it (`2026-11-22T16:30`); empty for none. */
	readonly opensAt: string;
	readonly closesAt: string;
	/** Which step of the form was open, from 0. */
	readonly step: number;
}

/** What the list of voters reads as; a text when it does not read as one at all. */
export type DraftRoll = { readonly reading: RollReading } | { readonly refusal: string };

const EMPTY_CONTEST = { title: '', options: ['', ''] };

export function emptyContest(): DraftContest {
	return EMPTY_CONTEST;
}

export function emptyDraft(): Draft {
	return {
		title: '',
		description: '',
		contests: [EMPTY_CONTEST],
		voters: '',
		// The mode in which nobody, the organiser included, can find out who voted for what.
		eligibility: 'enrolment',
		opensAt: '',
		closesAt: '',
		step: 0
	};
}

const text = v.fallback(v.string(), '');

const contest = v.object({
	title: text,
	options: v.fallback(v.pipe(v.array(text), v.minLength(1)), EMPTY_CONTEST.options)
});

const draft = v.object({
	title: text,
	description: text,
	contests: v.fallback(v.pipe(v.array(v.fallback(contest, EMPTY_CONTEST)), v.minLength(1)), [EMPTY_CONTEST]),
	voters: text,
	eligibility: v.fallback(v.picklist(['issued', 'enrolment']), 'enrolment'),
	opensAt: text,
	closesAt: text,
	step: v.fallback(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0)
}) satisfies v.GenericSchema<unknown, Draft>;

/** A draft from the wallet, where another version may have left it: what is missing or odd in it is empty. */
export function readDraft(stored: unknown): Draft {
	const result = v.safeParse(draft, stored);
	return result.success ? result.output : emptyDraft();
}

/** Whether there is nothing in it that anybody typed. */
export function isEmptyDraft(draft: Draft): boolean {
	const contents = ({ title, description, contests, voters, opensAt, closesAt }: Draft) =>
		JSON.stringify([title, description, contests, voters, opensAt, closesAt]);
	return contents(draft) === contents(emptyDraft());
}

export function rollOf(voters: string): DraftRoll {
	try {
		return { reading: readRoll(voters) };
	} catch (error) {
		if (error instanceof PollenError) return { refusal: error.message };
		throw error;
	}
}

/** The instant of a local time, as Date.toISOString writes it; null for none, and for what is no time before the year 10000. */
export function instantOf(localTime: string): string | null {
	const time = new Date(localTime);
	const isTime = /^\d{4}-/.test(localTime) && !Number.isNaN(time.getTime());
	return isTime ? time.toISOString() : null;
}

/** A typed line as it stands in the definition. */
export function tidyLine(typed: string): string {
	return typed.replace(/[\t\r\n]+/g, ' ').trim();
}

/** A typed text of several lines as it stands in the definition. */
export function tidyText(typed: string): string {
	return typed.replace(/\r\n?/g, '\n').replaceAll('\t', ' ').trim();
}

/** The plan of a draft without problems. */
export function planOf(draft: Draft, reading: RollReading): ElectionPlan {
	return {
		title: tidyLine(draft.title),
		description: tidyText(draft.description),
		contests: draft.contests.map(({ title, options }) => ({ title: tidyLine(title), options: options.map(tidyLine) })),
		eligibility: draft.eligibility,
		voters: reading.rows.map(({ voterId, name, email }) => ({ voterId, name, email })),
		opensAt: instantOf(draft.opensAt),
		closesAt: instantOf(draft.closesAt),
		blockInterval: BLOCK_INTERVAL_MS,
		initialDifficulty: INITIAL_DIFFICULTY
	};
}
