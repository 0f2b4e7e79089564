import type { Groth16Proof } from 'snarkjs';
import { concatBytes } from '../bytes/compare';
import { bytesToHex, hashToBytes } from '../bytes/hex';
import { PollenError } from '../errors/pollenError';
import { hashOfBigint } from './fieldElement';

/** The order q of the base field of BN254, of which coordinates are elements (EIP-197), big-endian. */
export const BASE_FIELD = '30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47';

const COORDINATE_LENGTH = 32;
/** Eight coordinates: two for A, four for B, two for C. */
export const PROOF_LENGTH = 8 * COORDINATE_LENGTH;

/** Where the two coordinates of a point stand. */
export interface PointPlace {
	readonly start: number;
	readonly coordinateLength: number;
}

export const POINT_A: PointPlace = { start: 0, coordinateLength: COORDINATE_LENGTH };
export const POINT_B: PointPlace = { start: 2 * COORDINATE_LENGTH, coordinateLength: 2 * COORDINATE_LENGTH };
export const POINT_C: PointPlace = { start: 6 * COORDINATE_LENGTH, coordinateLength: COORDINATE_LENGTH };

/**
 * A proof as 256 bytes: A.x A.y B.x1 B.x0 B.y1 B.y0 C.x C.y, each 32 bytes big-endian, where B.x = B.x0 + B.x1·i. This
 * is the order of `packGroth16Proof` in @zk-kit/utils, and of the pairing precompile of EIP-197.
 * @throws PollenError bad-proof when a point is at infinity, which this form cannot say and no prover makes
 */
export function packProof({ pi_a: a, pi_b: b, pi_c: c }: Groth16Proof): Uint8Array<ArrayBuffer> {
	if (a[2] !== '1' || b[2]?.[0] !== '1' || b[2][1] !== '0' || c[2] !== '1') {
		throw new PollenError('bad-proof', 'a point of the proof is at infinity');
	}
	const coordinates = [a[0], a[1], b[0]?.[1], b[0]?.[0], b[1]?.[1], b[1]?.[0], c[0], c[1]];
	return concatBytes(...coordinates.map(encodeCoordinate));
}

/**
 * Whether bytes have a proof's length and every coordinate is the canonical encoding of an element of the base field.
 * x and x + q are one coordinate, so without this rule one proof would have many encodings.
 */
export function isCanonicalProof(proof: Uint8Array): boolean {
	if (proof.length !== PROOF_LENGTH) return false;
	for (let start = 0; start < PROOF_LENGTH; start += COORDINATE_LENGTH) {
		// Lower-case hex of one length sorts like the number it stands for.
		if (bytesToHex(proof.subarray(start, start + COORDINATE_LENGTH)) >= BASE_FIELD) return false;
	}
	return true;
}

function encodeCoordinate(decimal: string | undefined): Uint8Array {
	if (decimal === undefined) throw new PollenError('bad-proof', 'a point of the proof lacks a coordinate');
	return hashToBytes(hashOfBigint(BigInt(decimal)));
}
