import { beforeAll, describe, expect, it } from 'vitest';
import { ATE_LOOP_COUNT, ATE_LOOP_DIGITS } from './ateLoop';
import { Bn254, F2_LENGTH } from './bn254';
import { LineTable } from './lineTable';
import { COFACTOR, G2, Q, R, timesAny, twistPoint, type PointG2 } from './testing/points';

const SLOTS = 8;
/** The small prime factors of the twist's cofactor. */
const SMALL_ORDERS = [10069n, 5864401n, 1875725156269n];

let bn254: Bn254;
let table: LineTable;

beforeAll(async () => {
	bn254 = await Bn254.open();
	table = new LineTable(bn254, SLOTS);
});

function areInSubgroup(points: readonly PointG2[]): boolean[] {
	points.forEach((point, slot) => {
		const { x, y } = point.toAffine();
		bn254.putF2(table.pointAt(slot), x.c0, x.c1);
		bn254.putF2(table.pointAt(slot) + F2_LENGTH, y.c0, y.c1);
	});
	return table.prepare(0, points.length);
}

describe('the loop', () => {
	it('has the digits of 6x + 2', () => {
		expect(ATE_LOOP_COUNT).toBe(6n * 4965661367192848881n + 2n);
		expect(ATE_LOOP_DIGITS.reduce((sum, digit) => 2n * sum + BigInt(digit), 1n)).toBe(ATE_LOOP_COUNT);
	});
});

describe('the subgroup check', () => {
	it('accepts multiples of the generator', () => {
		const factors = [1n, 2n, 3n, ATE_LOOP_COUNT, R - 1n, 0x1234567890abcdefn];
		expect(areInSubgroup(factors.map((factor) => G2.Point.BASE.multiply(factor)))).toEqual(factors.map(() => true));
	});

	it('refuses points of the twist that have other orders', () => {
		const points = [1n, 1000n, 2n ** 200n].map(twistPoint);
		expect(points.map((point) => timesAny(point, R).is0())).toEqual([false, false, false]);
		expect(areInSubgroup(points)).toEqual([false, false, false]);
	});

	it.each(SMALL_ORDERS)('refuses a point of order %i, alone and added to one of G2', (order) => {
		expect(COFACTOR % order).toBe(0n);
		const point = timesAny(twistPoint(1n), (COFACTOR * R) / order);
		expect(point.is0()).toBe(false);
		expect(timesAny(point, order).is0()).toBe(true);
		expect(areInSubgroup([point, point.add(G2.Point.BASE), G2.Point.BASE])).toEqual([false, false, true]);
	});

	it('refuses a point whose order is the cofactor', () => {
		expect(areInSubgroup([timesAny(twistPoint(1n), R)])).toEqual([false]);
	});

	it('refuses what has no lines, without spoiling its neighbours', () => {
		const base = G2.Point.BASE;
		areInSubgroup([base, base, base]);
		bn254.putF2(table.pointAt(1) + F2_LENGTH, 0n, 0n);
		expect(table.prepare(0, 3)).toEqual([true, false, true]);
	});

	// The criterion: whoever fulfils the equation is killed by the norm as well as by the order of the twist.
	it('is fulfilled by no point outside G2, since the norm has only r in common with the order of the twist', () => {
		// Of the Frobenius map: the curve itself has q + 1 - trace = r points.
		const trace = Q + 1n - R;
		// Elements a + b·ψ of Z[ψ], where ψ² = trace·ψ - q.
		type Element = readonly [bigint, bigint];
		const timesPsi = ([a, b]: Element): Element => [-Q * b, a + trace * b];
		const one: Element = [1n, 0n];
		const psi = timesPsi(one);
		const psi2 = timesPsi(psi);
		const psi3 = timesPsi(psi2);
		const a = ATE_LOOP_COUNT + psi[0] - psi2[0] + psi3[0];
		const b = psi[1] - psi2[1] + psi3[1];
		const norm = a * a + a * b * trace + b * b * Q;
		expect(greatestCommonDivisor(norm, COFACTOR * R)).toBe(R);
	});
});

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
	return b === 0n ? a : greatestCommonDivisor(b, a % b);
}
