import { grainBits } from './grain';
import { Fr } from './scalarField';

/** Elements of the state: two inputs, and one that is zero at first. */
export const WIDTH = 3;
export const FULL_ROUNDS = 8;
export const PARTIAL_ROUNDS = 57;

export type Vector = readonly [bigint, bigint, bigint];
export type Matrix = readonly [Vector, Vector, Vector];

/** The numbers of an instance of Poseidon. */
export interface PoseidonInstance {
	/** Added to the state at the beginning of each round. */
	readonly constants: readonly Vector[];
	/** The state is multiplied by this at the end of each round. */
	readonly matrix: Matrix;
}

/**
 * Poseidon with two inputs as Semaphore and circomlib use it: over the scalar field of BN254, with x^5, 8 full and 57
 * partial rounds. Its numbers are drawn as by the authors' script `generate_parameters_grain`.
 */
export function poseidonInstance(): PoseidonInstance {
	const bit = grainBits([
		...bitsOf(1, 2), // a prime field
		...bitsOf(0, 4), // x^5
		...bitsOf(Fr.BITS, 12),
		...bitsOf(WIDTH, 12),
		...bitsOf(FULL_ROUNDS, 10),
		...bitsOf(PARTIAL_ROUNDS, 10)
	]);
	const number = (): bigint => BigInt(`0b${Array.from({ length: Fr.BITS }, bit).join('')}`);
	const element = (): bigint => {
		for (;;) {
			const value = number();
			if (value < Fr.ORDER) return value;
		}
	};
	const constants = Array.from({ length: FULL_ROUNDS + PARTIAL_ROUNDS }, (): Vector => [
		element(),
		element(),
		element()
	]);
	const x: Vector = [number(), number(), number()];
	const y: Vector = [number(), number(), number()];
	// A Cauchy matrix.
	return { constants, matrix: mapThree(x, (xi) => mapThree(y, (yj) => Fr.inv(Fr.create(xi + yj)))) };
}

export function mapThree<T, U>([a, b, c]: readonly [T, T, T], change: (value: T, index: number) => U): [U, U, U] {
	return [change(a, 0), change(b, 1), change(c, 2)];
}

/** The most significant first. */
function bitsOf(value: number, length: number): number[] {
	return Array.from({ length }, (_, index) => (value >> (length - 1 - index)) & 1);
}
