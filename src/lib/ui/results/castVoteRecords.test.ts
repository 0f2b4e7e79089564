import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import type { BlockHash, ElectionId, Nullifier } from '../../bytes/hash';
import type { BallotView } from '../../node/api';
import { castVoteRecordsCsv, castVoteRecordsJson, type Count } from './castVoteRecords';

const ABSTAIN = 255;
const HASH = 'ab'.repeat(32);

function ballot(receiptCode: string, height: number, choices: readonly number[]): BallotView {
	return {
		receiptCode,
		nullifier: HASH as Nullifier,
		choices,
		height,
		blockHash: HASH as BlockHash,
		timestamp: Date.UTC(2026, 0, 2, 3, 4, 5)
	};
}

const COUNT: Count = {
	electionId: HASH as ElectionId,
	election: {
		title: 'Club',
		contests: [
			{ title: 'Chair', options: ['Ada', 'Bob, the "builder"'] },
			{ title: 'Chair', options: ['=1+1', 'No'] }
		]
	},
	tip: { height: 9, hash: HASH as BlockHash },
	results: {
		contests: [
			{
				title: 'Chair',
				options: [
					{ title: 'Ada', votes: 1 },
					{ title: 'Bob, the "builder"', votes: 1 }
				]
			},
			{
				title: 'Chair',
				options: [
					{ title: '=1+1', votes: 1 },
					{ title: 'No', votes: 0 }
				]
			}
		],
		ballots: 2,
		eligible: 5,
		enrolled: 4
	},
	ballots: [ballot('AAAA-AAAA-AAAA', 1, [1, 0]), ballot('BBBB-BBBB-BBBB', 3, [0, ABSTAIN])]
};

describe('castVoteRecordsCsv', () => {
	it('has a row for each ballot and a column for each contest, empty where nothing was chosen', () => {
		const { data, errors } = Papa.parse<Record<string, string>>(castVoteRecordsCsv(COUNT), {
			header: true,
			skipEmptyLines: true
		});
		expect(errors).toEqual([]);
		expect(data).toEqual([
			{
				'Receipt code': 'AAAA-AAAA-AAAA',
				Block: '1',
				'Contest 1: Chair': 'Bob, the "builder"',
				'Contest 2: Chair': "'=1+1"
			},
			{ 'Receipt code': 'BBBB-BBBB-BBBB', Block: '3', 'Contest 1: Chair': 'Ada', 'Contest 2: Chair': '' }
		]);
	});

	it('is a header alone while nobody has voted', () => {
		expect(
			castVoteRecordsCsv({ ...COUNT, ballots: [] })
				.trimEnd()
				.split('\r\n')
		).toHaveLength(1);
	});
});

describe('castVoteRecordsJson', () => {
	it('holds the election, the count and the ballots that it adds up from', () => {
		const read = JSON.parse(JSON.stringify(castVoteRecordsJson(COUNT))) as ReturnType<typeof castVoteRecordsJson>;
		expect(read).toMatchObject({
			format: 'pollen-cast-vote-records',
			version: 1,
			electionId: HASH,
			title: 'Club',
			tip: { height: 9, hash: HASH },
			contests: COUNT.election.contests,
			results: { eligible: 5, enrolled: 4, ballots: 2 }
		});
		expect(read.results.contests.map(({ abstentions }) => abstentions)).toEqual([0, 1]);
		expect(read.ballots.map(({ choices }) => choices)).toEqual([
			['Bob, the "builder"', '=1+1'],
			['Ada', null]
		]);
		expect(read.ballots[1]).toMatchObject({
			receiptCode: 'BBBB-BBBB-BBBB',
			block: 3,
			blockHash: HASH,
			time: '2026-01-02T03:04:05.000Z'
		});
	});
});
