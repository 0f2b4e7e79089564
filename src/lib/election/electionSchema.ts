import * as v from 'valibot';
import { isHash, type Hash } from '../bytes/hash';
import type { Contest, Election, RollEntry } from './definition';
import { SCALAR_FIELD, isCommitment } from './field';
import {
	MAX_BLOCK_INTERVAL_MS,
	MAX_CONTESTS,
	MAX_DESCRIPTION_LENGTH,
	MAX_INITIAL_DIFFICULTY,
	MAX_OPTIONS,
	MAX_ROLL,
	MAX_TITLE_LENGTH,
	MAX_VOTER_ID_LENGTH,
	MIN_BLOCK_INTERVAL_MS
} from './limits';
import { PROOF_DEPTHS, proofDepthFor } from './proofDepth';

const LONE_SURROGATE = /\p{Surrogate}/u;
const CONTROL = /\p{Control}/u;
const CONTROL_EXCEPT_NEWLINE = /(?!\n)\p{Control}/u;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A text can only have fewer code points than UTF-16 units, so most need no counting. */
function hasAtMost(text: string, codePoints: number): boolean {
	return text.length <= codePoints || [...text].length <= codePoints;
}

/** RFC 8785 section 3.2.2.2 has no form for lone surrogates; UTF-8 has none either. */
function text(maxLength: number, forbidden: RegExp) {
	return v.pipe(
		v.string(),
		v.check((value) => hasAtMost(value, maxLength), `at most ${maxLength} characters`),
		v.check((value) => !LONE_SURROGATE.test(value), 'must be well-formed Unicode'),
		v.check((value) => !forbidden.test(value), 'has a control character')
	);
}

function lineOfText(maxLength: number) {
	return v.pipe(text(maxLength, CONTROL), v.nonEmpty('must not be empty'));
}

function allDiffer(values: readonly string[]): boolean {
	return new Set(values).size === values.length;
}

function isInstant(value: string): boolean {
	if (!INSTANT.test(value)) return false;
	const timestamp = Date.parse(value);
	return !Number.isNaN(timestamp) && new Date(timestamp).toISOString() === value;
}

const key = v.pipe(
	v.string(),
	v.check((value) => isHash(value), '64 lower-case hex digits')
);
const instant = v.pipe(
	v.string(),
	v.check((value) => isInstant(value), 'an instant as Date.toISOString writes it')
);

function integer(minimum: number, maximum: number) {
	return v.pipe(v.number(), v.safeInteger(), v.minValue(minimum), v.maxValue(maximum));
}

const contest = v.strictObject({
	title: lineOfText(MAX_TITLE_LENGTH),
	options: v.pipe(
		v.array(lineOfText(MAX_TITLE_LENGTH)),
		v.minLength(1, 'at least one option'),
		v.maxLength(MAX_OPTIONS, `at most ${MAX_OPTIONS} options`),
		v.check((names) => allDiffer(names), 'two options have the same name')
	)
}) satisfies v.GenericSchema<unknown, Contest>;

const rollEntry = v.strictObject({
	voterId: lineOfText(MAX_VOTER_ID_LENGTH),
	key
}) satisfies v.GenericSchema<unknown, RollEntry>;

const roll = v.pipe(
	v.array(rollEntry),
	v.minLength(1, 'at least one voter'),
	v.maxLength(MAX_ROLL, `at most ${MAX_ROLL} voters`),
	v.check((entries) => allDiffer(entries.map((entry) => entry.voterId)), 'two voters have the same voter ID')
);

function opensBeforeItCloses({ opensAt, closesAt }: Election): boolean {
	return opensAt === null || closesAt === null || Date.parse(opensAt) < Date.parse(closesAt);
}

/** Everything a definition must be. The rules between fields come last, when each field is known to be sound. */
export const electionSchema = v.pipe(
	v.strictObject({
		version: v.literal(1),
		title: lineOfText(MAX_TITLE_LENGTH),
		description: text(MAX_DESCRIPTION_LENGTH, CONTROL_EXCEPT_NEWLINE),
		contests: v.pipe(
			v.array(contest),
			v.minLength(1, 'at least one contest'),
			v.maxLength(MAX_CONTESTS, `at most ${MAX_CONTESTS} contests`)
		),
		eligibility: v.picklist(['issued', 'enrolment']),
		roll,
		organiser: v.nullable(key),
		opensAt: v.nullable(instant),
		closesAt: v.nullable(instant),
		blockInterval: integer(MIN_BLOCK_INTERVAL_MS, MAX_BLOCK_INTERVAL_MS),
		initialDifficulty: integer(1, MAX_INITIAL_DIFFICULTY),
		proofDepth: v.picklist(PROOF_DEPTHS)
	}),
	v.check((election) => opensBeforeItCloses(election), 'must open before it closes'),
	v.check(
		(election) => election.proofDepth === proofDepthFor(election.roll.length),
		'proofDepth does not fit the roll'
	),
	v.check(
		(election) => election.eligibility === 'issued' || election.organiser !== null,
		'an election with enrolment needs an organiser, who opens the poll'
	),
	v.check(({ roll }) => allDiffer(roll.map((entry) => entry.key)), 'two voters have the same key'),
	// Zero is the padding of Semaphore's trees, and a value from r upwards is another one's alias.
	v.check(
		({ eligibility, roll }) => eligibility !== 'issued' || roll.every((entry) => isCommitment(entry.key as Hash)),
		`each key must be a commitment: not zero, below ${SCALAR_FIELD}`
	)
) satisfies v.GenericSchema<unknown, Election>;
