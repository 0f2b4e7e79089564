import { bn254 } from '@noble/curves/bn254.js';
import { concatBytes } from '../../bytes/compare';
import { hashToBytes } from '../../bytes/hex';
import { hashOfBigint } from '../fieldElement';
import { coordinatesOf } from './proofVector';

/** An implementation that shares nothing with the one under test. */
export const { G1, G2 } = bn254;
export type PointG1 = InstanceType<typeof G1.Point>;
export type PointG2 = InstanceType<typeof G2.Point>;
const { Fp2 } = bn254.fields;

export const Q = bn254.fields.Fp.ORDER;
export const R = bn254.fields.Fr.ORDER;
/** How many times more points the twist has than G2. */
export const COFACTOR = 2n * Q - R;

export interface Points {
	readonly a: PointG1;
	readonly b: PointG2;
	readonly c: PointG1;
}

export function unpackPoints(proof: Uint8Array): Points {
	const [ax, ay, bx1, bx0, by1, by0, cx, cy] = coordinatesOf(proof) as [
		bigint,
		bigint,
		bigint,
		bigint,
		bigint,
		bigint,
		bigint,
		bigint
	];
	return {
		a: G1.Point.fromAffine({ x: ax, y: ay }),
		b: G2.Point.fromAffine({ x: { c0: bx0, c1: bx1 }, y: { c0: by0, c1: by1 } }),
		c: G1.Point.fromAffine({ x: cx, y: cy })
	};
}

export function packPoints({ a, b, c }: Points): Uint8Array {
	const [pa, pb, pc] = [a.toAffine(), b.toAffine(), c.toAffine()];
	return packCoordinates([pa.x, pa.y, pb.x.c1, pb.x.c0, pb.y.c1, pb.y.c0, pc.x, pc.y]);
}

export function packCoordinates(coordinates: readonly bigint[]): Uint8Array {
	return concatBytes(...coordinates.map((coordinate) => hashToBytes(hashOfBigint(coordinate))));
}

/** Any multiple of a point, for points of any order; noble's own refuses factors of r or more. */
export function timesAny(point: PointG2, factor: bigint): PointG2 {
	let sum = G2.Point.ZERO;
	for (const digit of factor.toString(2)) {
		sum = sum.double();
		if (digit === '1') sum = sum.add(point);
	}
	return sum;
}

/** The first point of the twist at or after x = `start`; like nearly all of them, it has a multiple of r as its order. */
export function twistPoint(start: bigint): PointG2 {
	for (let x0 = start; ; x0++) {
		const x = { c0: x0, c1: 1n };
		const ySquared = Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b);
		try {
			return G2.Point.fromAffine({ x, y: Fp2.sqrt(ySquared) });
		} catch {
			// Not a square: no point here.
		}
	}
}
