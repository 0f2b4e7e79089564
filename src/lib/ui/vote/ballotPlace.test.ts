import { describe, expect, it } from 'vitest';
import type { BlockHash } from '../../bytes/hash';
import type { Election } from '../../election/definition';
import type { BallotPlace } from '../../node/api';
import { describePlace, nameOfPlace, stepsOf } from './ballotPlace';

const ELECTION = {
	contests: [{ title: 'Chair', options: ['Ada', 'Ben'] }],
	organiser: 'f'.repeat(64)
} as unknown as Election;

const recorded = (confirmations: number, isFinal = false): BallotPlace => ({
	at: 'block',
	height: 12,
	blockHash: 'b'.repeat(64) as BlockHash,
	confirmations,
	isFinal
});

describe('where a ballot is, in words', () => {
	it.each([
		[{ at: 'device' }, /on this device only.*waiting to be recorded/, 'on this device only'],
		[{ at: 'pending', peers: 0 }, /on this device only.*waiting to be recorded/, 'on this device only'],
		[{ at: 'pending', peers: 1 }, /cast.*waiting to be recorded/, 'with 1 peer'],
		[recorded(3), /recorded in block 12, 3 deep/, 'in block 12, 3 deep'],
		[recorded(9, true), /recorded in block 12, and final/, 'in block 12, final'],
		[{ at: 'late' }, /too late, and does not count/, 'too late to count'],
		[{ at: 'replaced', choices: [1], height: 4 }, /Another ballot.*counts/, 'another ballot counts'],
		[undefined, /not on this chain/, 'not on this chain']
	] as [BallotPlace | undefined, RegExp, string][])('%j', (place, sentence, name) => {
		expect(describePlace(place, 'Your ballot', ELECTION, 'en').sentence).toMatch(sentence);
		expect(nameOfPlace(place, 'en')).toBe(name);
	});

	it('says what the ballot that counts instead chose', () => {
		const { note } = describePlace({ at: 'replaced', choices: [1], height: 4 }, 'Your ballot', ELECTION, 'en');
		expect(note).toMatch(/block 4; it chose Ben/);
	});

	it('calls a ballot settled from six deep', () => {
		expect(describePlace(recorded(5), 'It', ELECTION).note).toMatch(/once it is 6/);
		expect(describePlace(recorded(6), 'It', ELECTION).note).toMatch(/is settled:/);
	});
});

describe('stepsOf', () => {
	const done = (place: BallotPlace | undefined, isCasting = false, election = ELECTION) =>
		stepsOf(place, isCasting, election).map(({ isDone }) => isDone);

	it('goes from the proof to the final result', () => {
		expect(done(undefined, true)).toEqual([false, false, false, false, false]);
		expect(done({ at: 'pending', peers: 0 })).toEqual([true, false, false, false, false]);
		expect(done({ at: 'pending', peers: 2 })).toEqual([true, true, false, false, false]);
		expect(done(recorded(1))).toEqual([true, true, true, false, false]);
		expect(done(recorded(6))).toEqual([true, true, true, true, false]);
		expect(done(recorded(2, true))).toEqual([true, true, true, true, true]);
	});

	it('promises no final result where nobody can close the poll', () => {
		expect(done(recorded(6), false, { ...ELECTION, organiser: null })).toEqual([true, true, true, true]);
	});

	it('shows no way for a ballot that does not count', () => {
		expect(done({ at: 'late' })).toEqual([]);
		expect(done({ at: 'replaced', choices: [0], height: 1 })).toEqual([]);
	});
});
