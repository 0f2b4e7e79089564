import { describe, expect, it } from 'vitest';
import { resultsOf } from './tally';
import { extend, newState, sampleBallot, sampleElection } from './testing/samples';
import {
	sampleClosing,
	sampleEnrolment,
	sampleEnrolmentElection,
	sampleOpening,
	sampleOrganiser
} from './testing/signedSamples';
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

	it('tells who is eligible from who has enrolled', () => {
		const state = newState(sampleEnrolmentElection(5));
		expect(resultsOf(state)).toMatchObject({ ballots: 0, eligible: 5, enrolled: 0 });
		extend(
			state,
			[0, 2, 4].map((rollIndex) => sampleEnrolment(state.electionId, rollIndex))
		);
		expect(resultsOf(state)).toMatchObject({ ballots: 0, eligible: 5, enrolled: 3 });
		extend(state, [sampleOpening(state), sampleBallot(1, [1, 1])]);
		expect(resultsOf(state)).toMatchObject({ ballots: 1, eligible: 5, enrolled: 3 });
	});

	it('leaves out ballots above the block that the closing names', () => {
		const state = newState(sampleElection({ organiser: sampleOrganiser }));
		extend(state, [sampleBallot(1, [2, 1])]);
		extend(state, [sampleBallot(2, [0, 0])]);
		extend(state, [sampleClosing(state, 1)]);
		const { contests, ballots } = resultsOf(state);
		expect(contests.map(({ options }) => options.map(({ votes }) => votes))).toEqual([
			[0, 0, 1],
			[0, 1]
		]);
		expect(ballots).toBe(1);
	});
});
