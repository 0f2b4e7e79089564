import { add, and, get, i64, load, mul, set, shiftRight, store, type Code, type WasmFunction } from './wasmBytes';

/** An element is kept as so many limbs, the least significant first, each in eight bytes of memory. */
export const LIMBS = 9;
export const LIMB_BITS = 29;
export const ELEMENT_LENGTH = 8 * LIMBS;

const BITS = BigInt(LIMB_BITS);
const MASK = (1n << BITS) - 1n;
/** An element x is kept as x·RADIX modulo the order (Montgomery, 1985). */
export const RADIX = 1n << (BITS * BigInt(LIMBS));

/**
 * Arithmetic modulo an odd number below 2^254, as WebAssembly functions of addresses; results may overwrite operands.
 *
 * Limbs of 29 bits leave room in the 64 of a register: a column of a product is the sum of 9 products of limbs and of 9 more
 * by which it is reduced. That is below 2^64 for sums of two elements, whose limbs have 30 bits, and for three products of
 * single elements, which are added up and reduced at once. Nor are elements brought below the order: RADIX is 169 times as
 * large, so that a product of two numbers that are at most 5 times the order is itself at most 1.15 times the order.
 */
export class MontgomeryFunctions {
	readonly #limbs: readonly bigint[];
	/** −1 / order, modulo the size of a limb. */
	readonly #negatedInverse: bigint;

	constructor(order: bigint) {
		this.#limbs = limbsOf(order);
		let inverse = 1n;
		// Newton: each step doubles the bits that are right.
		for (let bits = 1; bits < LIMB_BITS; bits *= 2) inverse = (inverse * (2n - order * inverse)) & MASK;
		this.#negatedInverse = -inverse & MASK;
	}

	/** (result, a, b): a + b. Nothing is carried, so the sum is good for products of one term only. */
	sum(): WasmFunction {
		const [result, a, b] = [get(0), get(1), get(2)];
		const code = range(LIMBS).flatMap((j) => store(result, 8 * j, add(load(a, 8 * j), load(b, 8 * j))));
		return { parameters: 3, locals: 0, code };
	}

	/** (result, a, b): a·b; or with up to three terms a0·b0 + a1·b1 + ..., the elements of a and of b one after the other. */
	product(terms: number): WasmFunction {
		return this.#product(terms, 3, () => []);
	}

	/** (result, a, b, c): a·b + c. */
	productPlus(): WasmFunction {
		return this.#product(1, 4, (j) => load(get(3), 8 * j));
	}

	/** Row by row, reducing after each (the CIOS method of Koç, Acar and Kaliski, 1996). */
	#product(terms: number, parameters: number, addend: (limb: number) => Code): WasmFunction {
		const [result, a, b] = [get(0), get(1), get(2)];
		const column = (index: number): number => parameters + index;
		const factor = column(2 * LIMBS);
		const plus = (index: number, value: Code): Code => set(column(index), add(get(column(index)), value));
		const carry = (index: number): Code => plus(index + 1, shiftRight(get(column(index)), BITS));
		const rows = range(LIMBS).flatMap((i) => [
			...range(terms).flatMap((term) => [
				...set(factor, load(a, term * ELEMENT_LENGTH + 8 * i)),
				...range(LIMBS).flatMap((j) => plus(i + j, mul(get(factor), load(b, term * ELEMENT_LENGTH + 8 * j))))
			]),
			...set(factor, and(mul(get(column(i)), i64(this.#negatedInverse)), i64(MASK))),
			...this.#limbs.flatMap((limb, j) => plus(i + j, mul(get(factor), i64(limb)))),
			...carry(i)
		]);
		const limbs = range(LIMBS).flatMap((j) => {
			const isLast = j === LIMBS - 1;
			const added = addend(j);
			return [
				...(added.length === 0 ? [] : plus(LIMBS + j, added)),
				...store(result, 8 * j, isLast ? get(column(LIMBS + j)) : and(get(column(LIMBS + j)), i64(MASK))),
				...(isLast ? [] : carry(LIMBS + j))
			];
		});
		return { parameters, locals: 2 * LIMBS + 1, code: [...rows, ...limbs] };
	}
}

/** A number below {@link RADIX} as limbs. */
export function limbsOf(value: bigint): bigint[] {
	return range(LIMBS).map((j) => (value >> (BITS * BigInt(j))) & MASK);
}

function range(length: number): number[] {
	return Array.from({ length }, (_, index) => index);
}
