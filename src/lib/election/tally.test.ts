import { describe, expect, it } from 'vitest';
import { resultsOf } from './tally';
import { extend, newState, sampleBallot } from './testing/samples';
import { ABSTAIN } from './transaction';

describe('resultsOf', () => {
	it('names contests and options in the order of the definition', () => {
		expect(resultsOf(newState())).toEqual({
			contests: [
				{
					title: 'Colour',
					options: [
						{ title: 'Red', votes: 0 },
						{ title: 'Green', votes: 0 },
						{ title: 'Blue', votes: 0 }
					]
				},
				{
					title: 'Bridge',
					options: [
						{ title: 'Yes', votes: 0 },
						{ title: 'No', votes: 0 }
					]
				}
			],
			ballots: 0,
			eligible: 3,
			enrolled: 3
		});
	});

	it('counts an abstention as a ballot and for no option', () => {
		const state = newState();
		extend(state, [sampleBallot(1, [2, ABSTAIN]), sampleBallot(2, [2, 1])]);
		extend(state, [sampleBallot(3, [ABSTAIN, 1])]);
		const { contests, ballots } = resultsOf(state);
		expect(contests.map(({ options }) => options.map(({ votes }) => votes))).toEqual([
			[0, 0, 2],
			[0, 2]
		]);
		expect(ballots).toBe(3);
	});
});
