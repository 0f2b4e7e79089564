import { describe, expect, it } from 'vitest';
import type { Nullifier } from '../bytes/hash';
import type { BallotView } from '../node/api';
import { locateBallot } from './whereabouts';

const ballots = [
	{ nullifier: 'a', height: 3 },
	{ nullifier: 'b', height: 5 }
] as unknown as BallotView[];

describe('locateBallot', () => {
	it('counts depth from the block itself', () => {
		expect(locateBallot('b' as Nullifier, ballots, 5)).toEqual({ at: 'recorded', height: 5, depth: 1 });
		expect(locateBallot('a' as Nullifier, ballots, 8)).toEqual({ at: 'recorded', height: 3, depth: 6 });
	});

	it('calls a ballot pending that no block holds', () => {
		expect(locateBallot('c' as Nullifier, ballots, 5)).toEqual({ at: 'pending' });
	});
});
