import { expect, it } from 'vitest';
import type { Header } from '../chain/header';
import { newState, sampleBallot, sampleCommitment } from '../election/testing/samples';
import { sampleEnrolment, sampleEnrolmentElection, sampleOpening } from '../election/testing/signedSamples';
import type { Transaction } from '../election/transaction';
import { evidenceForPath } from './pathEvidence';

const state = newState(sampleEnrolmentElection());
const { electionId } = state;
const enrolments = [0, 1, 2].map((rollIndex) => sampleEnrolment(electionId, rollIndex));
const group = enrolments.map(({ commitment }) => commitment).sort();
const opening = sampleOpening({ electionId, enrolledCommitments: () => group });
const ballot = sampleBallot(1);

function needs(...blocks: (readonly Transaction[])[]) {
	const path = blocks.map((transactions) => ({ block: { header: {} as Header, transactions }, isChecked: false }));
	return evidenceForPath(state, 0, path);
}

it('judges ballots by the opening before them and the opening by the enrolments before it', () => {
	const { ballots, signed, groups } = needs(enrolments, [opening], [ballot]);
	expect(ballots).toEqual([{ ballot, groupRoot: opening.groupRoot }]);
	expect(signed).toEqual([...enrolments, opening]);
	expect(groups).toEqual([group]);
});

it('asks for no root but that of the first opening, and for no proof before it', () => {
	const second = sampleOpening({ electionId, enrolledCommitments: () => [sampleCommitment(9)] });
	const { ballots, groups } = needs(
		[ballot],
		[...enrolments, opening, sampleEnrolment(electionId, 3), second],
		[ballot]
	);
	expect(ballots).toEqual([{ ballot, groupRoot: opening.groupRoot }]);
	expect(groups).toEqual([group]);
});
