import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeElection } from '../election/definition';
import { MAX_FRAME_BYTES } from '../wire/limits';
import { checkDraft } from './checkDraft';
import { emptyDraft, instantOf, planOf, readDraft, rollOf, type Draft } from './draft';
import { definitionBytes, electionOf, placeholderKey } from './electionPlan';
import { MAX_VOTERS } from './limits';
import { readRoll } from './rollFile';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');

function soundDraft(changes: Partial<Draft> = {}): Draft {
	return {
		...emptyDraft(),
		title: 'Board',
		contests: [{ title: 'Chair?', options: ['Ada', 'Grace'] }],
		voters: 'id,name\n1,Ada\n2,Grace\n3,Marie',
		...changes
	};
}

function placesOf(changes: Partial<Draft>): string[] {
	return checkDraft(soundDraft(changes), NOW).map(({ place }) => place);
}

function definitionOf(draft: Draft): Uint8Array {
	const plan = planOf(draft, readRoll(draft.voters));
	return encodeElection(
		electionOf(
			plan,
			placeholderKey(0),
			plan.voters.map((_, index) => placeholderKey(index))
		)
	);
}

describe('checkDraft', () => {
	it('has nothing to say of a sound draft', () => {
		expect(checkDraft(soundDraft(), NOW)).toEqual([]);
	});

	it('names every gap of an empty draft, in the order of the form', () => {
		const problems = checkDraft(emptyDraft(), NOW);
		expect(problems.map(({ place }) => place)).toEqual([
			'title',
			'contest-0-title',
			'contest-0-option-0',
			'contest-0-option-1',
			'voters'
		]);
		expect(problems.every(({ isGap }) => isGap)).toBe(true);
	});

	it.each<[string, Partial<Draft>, string[]]>([
		['a title of white space', { title: ' \t' }, ['title']],
		['a title that is too long', { title: 'x'.repeat(201) }, ['title']],
		['a title with a control character', { title: 'a\u0007' }, ['title']],
		['a title that is no Unicode', { title: '\ud800' }, ['title']],
		['a description that is too long', { description: 'x'.repeat(5_001) }, ['description']],
		['a description with a control character', { description: 'a\u0000b' }, ['description']],
		['no contest', { contests: [] }, ['contests']],
		[
			'too many contests',
			{ contests: Array.from({ length: 65 }, () => ({ title: 'a', options: ['x', 'y'] })) },
			['contests']
		],
		['a contest without a choice', { contests: [{ title: 'Chair?', options: ['Ada'] }] }, ['contest-0']],
		[
			'more options than a ballot can say',
			{ contests: [{ title: 'Chair?', options: Array.from({ length: 256 }, (_, i) => `${i}`) }] },
			['contest-0']
		],
		[
			'an option that stands there twice',
			{ contests: [{ title: 'Chair?', options: ['Ada', 'Grace', ' Ada '] }] },
			['contest-0-option-2']
		],
		['no voters', { voters: '\n' }, ['voters']],
		['a list with a problem', { voters: '1\n2\n3\n3' }, ['voters']],
		['a list that is too long', { voters: '1\n'.repeat(30_000) }, ['voters']],
		['fewer voters than a poll with enrolment can open with', { voters: '1\n2' }, ['eligibility']],
		['a closing that has passed', { closesAt: '2026-11-20T12:00' }, ['closes-at']],
		['a closing at the opening', { opensAt: '2030-01-01T12:00', closesAt: '2030-01-01T12:00' }, ['closes-at']],
		['times that are none', { opensAt: 'noon', closesAt: '12345-01-01T12:00' }, ['opens-at', 'closes-at']]
	])('finds %s', (_, changes, places) => {
		expect(placesOf(changes)).toEqual(places);
	});

	it('lets two voters do with codes that are handed out', () => {
		expect(placesOf({ voters: '1\n2', eligibility: 'issued' })).toEqual([]);
	});

	it('finds a definition that no message holds, to the byte', () => {
		const list = (padding: number) =>
			Array.from({ length: MAX_VOTERS }, (_, index) => `${index}`.padStart(padding, '0')).join('\n');
		const bytesOf = (draft: Draft) => definitionBytes(planOf(draft, readRoll(draft.voters)));
		const shortIds = soundDraft({ voters: list(5), description: '“é”\n"' });
		expect(bytesOf(shortIds)).toBe(definitionOf(shortIds).length);
		// What is left of the message when all voter IDs are as long as fit.
		const longest = 5 + Math.floor((MAX_FRAME_BYTES - bytesOf(shortIds)) / MAX_VOTERS);
		const voters = list(longest);
		expect(longest).toBeGreaterThanOrEqual(16);
		expect(placesOf({ voters })).toEqual([]);
		expect(placesOf({ voters: list(longest + 1) })).toEqual(['voters']);
		const spare = MAX_FRAME_BYTES - bytesOf(soundDraft({ voters }));
		// Three bytes a character, and what is left of them.
		const description = '€'.repeat(Math.floor(spare / 3)) + 'x'.repeat(spare % 3);
		expect(placesOf({ voters, description })).toEqual([]);
		expect(placesOf({ voters, description: `${description}x` })).toEqual(['voters']);
	});

	it('passes only what makes a sound definition', () => {
		const anyLine = fc.oneof(
			{ weight: 12, arbitrary: fc.string({ unit: fc.constantFrom(...'aBé7,'), minLength: 1, maxLength: 4 }) },
			{ weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'a \t\u0007\u0085\ud800'), maxLength: 3 }) }
		);
		const anyDraft = fc.record({
			title: anyLine,
			description: fc.string({ unit: fc.constantFrom(...'a \t\r\n\u0007'), maxLength: 5 }),
			contests: fc.array(fc.record({ title: anyLine, options: fc.array(anyLine, { minLength: 1, maxLength: 3 }) }), {
				minLength: 1,
				maxLength: 2
			}),
			voters: fc.constantFrom('', '1', '1\n2\n3', 'id;name\n1;Ada\n2;Grace\n3;Marie\n4;Rosa'),
			eligibility: fc.constantFrom('issued' as const, 'enrolment' as const),
			opensAt: fc.constantFrom('', '2030-01-01T12:00', '2031-01-01T12:00', 'x'),
			closesAt: fc.constantFrom('', '2020-01-01T12:00', '2030-06-01T12:00'),
			step: fc.constant(0)
		});
		let sound = 0;
		fc.assert(
			fc.property(anyDraft, (draft) => {
				if (checkDraft(draft, NOW).length > 0) return;
				sound += 1;
				expect(() => definitionOf(draft)).not.toThrow();
			}),
			{ numRuns: 5_000, seed: 7 }
		);
		expect(sound).toBeGreaterThan(10);
	});
});

describe('readDraft', () => {
	it('gives a draft back as it was', () => {
		const draft = soundDraft({ opensAt: '2030-01-01T12:00', eligibility: 'issued', step: 3 });
		expect(readDraft(structuredClone(draft))).toEqual(draft);
	});

	it('keeps what it can of an odd draft', () => {
		const odd = { title: 'Board', contests: [{ title: 'Chair?', options: ['Ada', 7] }, 'x'], step: -1, extra: true };
		expect(readDraft(odd)).toEqual({
			...emptyDraft(),
			title: 'Board',
			contests: [
				{ title: 'Chair?', options: ['Ada', ''] },
				{ title: '', options: ['', ''] }
			]
		});
	});

	it.each([[undefined], [null], ['text'], [7], [[]], [{}], [{ contests: [] }]])('reads %j as an empty draft', (odd) => {
		expect(readDraft(odd)).toEqual(emptyDraft());
	});

	it('reads anything as something that can be checked', () => {
		fc.assert(
			fc.property(fc.anything(), (odd) => {
				expect(checkDraft(readDraft(odd), NOW).length).toBeGreaterThan(0);
			})
		);
	});
});

describe('instantOf', () => {
	it('is the instant that the local clock shows so', () => {
		expect(instantOf('2026-07-01T09:30')).toBe(new Date(2026, 6, 1, 9, 30).toISOString());
	});

	it.each(['', 'noon', '2026-13-01T00:00', '12026-01-01T00:00'])('is none for %j', (text) => {
		expect(instantOf(text)).toBeNull();
	});
});

describe('rollOf', () => {
	it('gives the sentence of a refusal', () => {
		expect(rollOf('')).toEqual({ refusal: 'There is no voter in this list.' });
		expect(rollOf('1')).toMatchObject({ reading: { rows: [{ voterId: '1' }] } });
	});
});
