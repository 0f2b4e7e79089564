import { packGroth16Proof } from '@semaphore-protocol/proof';
import { describe, expect, it } from 'vitest';
import * as transaction from '../election/transaction';
import { refusalOf } from '../bytes/testing/refusalOf';
import { PROOF_LENGTH, isCanonicalProof, packProof } from './pack';
import { packCoordinates, Q } from './testing/points';
import { VECTOR_STATEMENTS, coordinatesOf } from './testing/proofVector';

const GROTH16 = {
	pi_a: ['1', '2', '1'],
	pi_b: [
		['3', '4'],
		['5', '6'],
		['1', '0']
	],
	pi_c: ['7', '8', '1']
};

describe('packProof', () => {
	it('orders coordinates as packGroth16Proof does, 32 bytes each', () => {
		const packed = packProof(GROTH16);
		expect(packed).toHaveLength(PROOF_LENGTH);
		const theirs = packGroth16Proof({ ...GROTH16, protocol: 'groth16', curve: 'bn128' } as never);
		expect(coordinatesOf(packed)).toEqual(theirs.map(BigInt));
		expect(coordinatesOf(packed)).toEqual([1n, 2n, 4n, 3n, 6n, 5n, 7n, 8n]);
	});

	it('has the length that ballots have room for', () => {
		expect(PROOF_LENGTH).toBe(transaction.PROOF_LENGTH);
	});

	it.each([
		['A', { ...GROTH16, pi_a: ['0', '1', '0'] }],
		[
			'B',
			{
				...GROTH16,
				pi_b: [
					['0', '0'],
					['1', '0'],
					['0', '0']
				]
			}
		],
		['C', { ...GROTH16, pi_c: ['0', '1', '0'] }]
	])('refuses %s at infinity', (_, proof) => {
		expect(refusalOf(() => packProof(proof))).toBe('bad-proof');
	});
});

describe('isCanonicalProof', () => {
	const [statement] = VECTOR_STATEMENTS;
	const coordinates = coordinatesOf(statement?.proof ?? new Uint8Array());

	it('accepts real proofs', () => {
		for (const { proof } of VECTOR_STATEMENTS) expect(isCanonicalProof(proof)).toBe(true);
	});

	it('refuses other lengths', () => {
		expect(isCanonicalProof(new Uint8Array(PROOF_LENGTH - 1))).toBe(false);
		expect(isCanonicalProof(new Uint8Array(PROOF_LENGTH + 1))).toBe(false);
		expect(isCanonicalProof(new Uint8Array(0))).toBe(false);
	});

	it.each([0, 1, 2, 3, 4, 5, 6, 7])('refuses coordinate %i when it is not below the order of the field', (index) => {
		const withCoordinate = (value: bigint): Uint8Array => packCoordinates(coordinates.with(index, value));
		expect(isCanonicalProof(withCoordinate(Q - 1n))).toBe(true);
		expect(isCanonicalProof(withCoordinate(Q))).toBe(false);
		expect(isCanonicalProof(withCoordinate((coordinates[index] ?? 0n) + Q))).toBe(false);
		expect(isCanonicalProof(withCoordinate(2n ** 256n - 1n))).toBe(false);
	});
});
