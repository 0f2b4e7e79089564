import { mapThree, type Matrix, type Vector } from './poseidonInstance';
import { Fr } from './scalarField';

/** What a partial round does to the state (y, z1, z2), where x = (y + constant)^5. */
export interface PartialRound {
	/** y' = times · x + z1 */
	readonly times: bigint;
	/** z1' = carry · x + z2 */
	readonly carry: bigint;
	/** z2' = row · (x, z1, z2) */
	readonly row: Vector;
	/** From Poseidon's own state to (y, z1, z2), and back. */
	readonly enter: Matrix;
	readonly leave: Matrix;
}

/**
 * In a partial round only the first element of the state s goes through the S-box, the others through a linear map that is
 * the same each time. In a basis in which that map is a companion matrix, a round takes 5 multiplications rather than 9. (The
 * authors' own way, ePrint 2019/458 appendix B, takes 5 as well, but with other numbers in each round.)
 *
 * Let m, v, w and A be the blocks of the matrix: s0' = m·x + v·(s1, s2) and (s1, s2)' = w·x + A·(s1, s2). With
 * z1 = v·(s1, s2) and z2 = v·A·(s1, s2), z1' = v·w·x + z2, and by Cayley and Hamilton z2' = v·A·w·x + tr A·z2 − det A·z1.
 */
export function partialRound([[m, v1, v2], [w1, a, b], [w2, c, d]]: Matrix): PartialRound {
	const u1 = Fr.create(v1 * a + v2 * c);
	const u2 = Fr.create(v1 * b + v2 * d);
	const determinant = Fr.create(v1 * u2 - v2 * u1);
	return {
		times: m,
		carry: Fr.create(v1 * w1 + v2 * w2),
		row: [Fr.create(u1 * w1 + u2 * w2), Fr.create(b * c - a * d), Fr.create(a + d)],
		enter: [
			[1n, 0n, 0n],
			[0n, v1, v2],
			[0n, u1, u2]
		],
		leave: [
			[1n, 0n, 0n],
			[0n, Fr.div(u2, determinant), Fr.div(Fr.neg(v2), determinant)],
			[0n, Fr.div(Fr.neg(u1), determinant), Fr.div(v1, determinant)]
		]
	};
}

/**
 * What a partial round adds to the elements that skip its S-box can as well be added after its matrix, to the constants of
 * the next round: so each partial round has one constant, for the first element, and the full round after them has others.
 * @param constants of the partial rounds, and of the full round after them
 */
export function movedConstants(constants: readonly Vector[], matrix: Matrix): { partial: bigint[]; after: Vector } {
	const partial: bigint[] = [];
	let after: Vector = [0n, 0n, 0n];
	for (const own of constants) {
		const [, second, third] = after;
		if (partial.length > 0) after = multiply(matrix, [0n, second, third]);
		after = mapThree(after, (moved, i) => Fr.create(moved + own[i]!));
		partial.push(after[0]);
	}
	partial.pop();
	return { partial, after };
}

export function multiply(matrix: Matrix, vector: Vector): Vector {
	return mapThree(matrix, (row) => Fr.create(row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]));
}

export function multiplyMatrices(a: Matrix, b: Matrix): Matrix {
	const column = (j: number): Vector => mapThree(b, (row) => row[j]!);
	const columns = mapThree([0, 1, 2], (j) => multiply(a, column(j)));
	return mapThree([0, 1, 2], (i) => mapThree(columns, (values) => values[i]!));
}
