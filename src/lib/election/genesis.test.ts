import { describe, expect, it } from 'vitest';
import elections from '../../../tests/vectors/election.json';
import vectors from '../../../tests/vectors/genesis.json';
import { ZERO_HASH } from '../bytes/hash';
import { bytesToHex } from '../bytes/hex';
import { encodeHeader } from '../chain/header';
import type { Election } from './definition';
import { electionIdOf, genesisBlock } from './genesis';
import { sampleElection } from './testing/samples';
import { sampleEnrolmentElection } from './testing/signedSamples';
import { refusalOf } from '../bytes/testing/refusalOf';

function electionNamed(name: string): Election {
	return elections.valid.find((entry) => entry.name === name)?.election as Election;
}

describe('the golden genesis blocks', () => {
	it.each(vectors.genesis)('$name', ({ name, merkleRoot, target, header, hash }) => {
		const block = genesisBlock(electionNamed(name));
		expect(block.transactions).toEqual([]);
		expect(block.header).toEqual({
			nonce: 0n,
			version: 1,
			height: 0,
			previousHash: ZERO_HASH,
			merkleRoot,
			timestamp: 0,
			target: BigInt(`0x${target}`)
		});
		expect(bytesToHex(encodeHeader(block.header))).toBe(header);
		expect(electionIdOf(electionNamed(name))).toBe(hash);
	});
});

describe('the election ID', () => {
	it('pins every field of the definition', () => {
		const changes: Partial<Election>[] = [
			{ title: 'Other' },
			{ description: 'Other' },
			{ contests: [{ title: 'Colour', options: ['Green', 'Red', 'Blue'] }] },
			{ roll: [...sampleElection().roll].reverse() },
			{ organiser: 'ab'.repeat(32) },
			{ opensAt: '2026-05-01T06:00:00.000Z' },
			{ closesAt: '2026-05-01T06:00:00.000Z' },
			{ blockInterval: 1_001 },
			{ initialDifficulty: 2 }
		];
		const ids = [{}, ...changes].map((change) => electionIdOf(sampleElection(change)));
		const { organiser } = sampleEnrolmentElection();
		ids.push(
			electionIdOf(sampleElection({ organiser })),
			electionIdOf(sampleElection({ organiser, eligibility: 'enrolment' }))
		);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('is not given to what is no definition', () => {
		expect(refusalOf(() => electionIdOf(sampleElection({ roll: [] })))).toBe('bad-definition');
		expect(refusalOf(() => genesisBlock(sampleElection({ initialDifficulty: 0 })))).toBe('bad-definition');
	});
});
