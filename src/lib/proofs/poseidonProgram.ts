import { ELEMENT_LENGTH, MontgomeryFunctions, RADIX } from './montgomery';
import { movedConstants, multiplyMatrices, partialRound } from './partialRounds';
import {
	FULL_ROUNDS,
	PARTIAL_ROUNDS,
	WIDTH,
	mapThree,
	poseidonInstance,
	type Matrix,
	type Vector
} from './poseidonInstance';
import { Fr } from './scalarField';
import { call, i32, wasmModule, type Code } from './wasmBytes';

/** An address in the module's memory. */
type Address = number;
type Addresses = readonly [Address, Address, Address];

/** The functions of the module, by their places in it. */
const [SUM, PRODUCT, PRODUCT_PLUS, PRODUCT_OF_VECTORS] = [0, 1, 2, 3];

export const INPUTS: Address = 0;
export const OUTPUT: Address = 2 * ELEMENT_LENGTH;
const SCRATCH: Addresses = mapThree([3, 4, 5], (place) => place * ELEMENT_LENGTH);
const STATES: readonly [Address, Address] = [6 * ELEMENT_LENGTH, (6 + WIDTH) * ELEMENT_LENGTH];
const CONSTANTS: Address = (6 + 2 * WIDTH) * ELEMENT_LENGTH;
const PAGE_LENGTH = 2 ** 16;

export interface PoseidonProgram {
	/** A WebAssembly module that exports its `memory`, and `hash`: of the two numbers at INPUTS, to OUTPUT, all plain. */
	readonly module: Uint8Array<ArrayBuffer>;
	/** To be written to the memory before, one element after the other from `constantsAt`. */
	readonly constants: readonly bigint[];
	readonly constantsAt: Address;
}

/** Writes the program that computes Poseidon of two inputs: round after round, one call of a field operation after another. */
export function poseidonProgram(): PoseidonProgram {
	const { constants, matrix } = poseidonInstance();
	const partial = partialRound(matrix);
	const [half, end] = [FULL_ROUNDS / 2, FULL_ROUNDS / 2 + PARTIAL_ROUNDS];
	const moved = movedConstants(constants.slice(half, end + 1), matrix);
	const writer = new Writer();
	const mixer = writer.matrix(matrix);
	const [times, carry, row] = [partial.times, partial.carry, partial.row].map((value) => writer.constants(value));

	writer.begin();
	for (const round of constants.slice(0, half - 1)) writer.fullRound(round, mixer);
	writer.fullRound(constants[half - 1]!, writer.matrix(multiplyMatrices(partial.enter, matrix)));
	for (const constant of moved.partial) writer.partialRound(constant, times!, carry!, row!);
	writer.mix(writer.matrix(partial.leave));
	writer.fullRound(moved.after, mixer);
	for (const round of constants.slice(end + 1)) writer.fullRound(round, mixer);
	writer.end();
	return writer.program();
}

/** Writes down calls, and the constants they name. */
class Writer {
	readonly #calls: Code[] = [];
	readonly #constants: bigint[] = [];
	/** Where the state is, and where the next one goes. */
	#states = STATES;

	/** Elements in Montgomery form, one after the other. */
	constants(values: bigint | Vector): Address {
		return this.#numbers([values].flat().map((value) => Fr.create(value * RADIX)));
	}

	matrix(rows: Matrix): Addresses {
		return mapThree(rows, (row) => this.constants(row));
	}

	/** The inputs become the state. They need not be below the order, but what a multiplication makes of them is as good. */
	begin(): void {
		const intoMontgomery = this.#numbers([Fr.create(RADIX * RADIX)]);
		const zero = this.#numbers([0n]);
		this.#call(SUM, this.#state(0), zero, zero);
		this.#call(PRODUCT, this.#state(1), INPUTS, intoMontgomery);
		this.#call(PRODUCT, this.#state(2), INPUTS + ELEMENT_LENGTH, intoMontgomery);
	}

	fullRound(constants: Vector, matrix: Addresses): void {
		constants.forEach((constant, i) => this.#substitute(i, constant));
		this.mix(matrix);
	}

	/** z2 stays below 1.1 times the order, z1 below 2.1 and y below 3.1: with a constant, below what multiplications allow for. */
	partialRound(constant: bigint, times: Address, carry: Address, row: Address): void {
		this.#substitute(0, constant);
		const [x, z1, z2] = mapThree([0, 1, 2], (i) => this.#state(i));
		this.#call(PRODUCT_PLUS, this.#next(0), x, times, z1);
		this.#call(PRODUCT_PLUS, this.#next(1), x, carry, z2);
		this.#call(PRODUCT_OF_VECTORS, this.#next(2), x, row);
		this.#swap();
	}

	mix(matrix: Addresses): void {
		matrix.forEach((row, i) => this.#call(PRODUCT_OF_VECTORS, this.#next(i), this.#state(0), row));
		this.#swap();
	}

	/** The first of the state becomes the output. A reduction of what is below RADIX leaves at most the order. */
	end(): void {
		this.#call(PRODUCT, OUTPUT, this.#state(0), this.#numbers([1n]));
	}

	program(): PoseidonProgram {
		const field = new MontgomeryFunctions(Fr.ORDER);
		const functions = [field.sum(), field.product(1), field.productPlus(), field.product(WIDTH)];
		const hash = { name: 'hash', parameters: 0, locals: 0, code: this.#calls.flat() };
		const memoryLength = CONSTANTS + this.#constants.length * ELEMENT_LENGTH;
		const module = wasmModule([...functions, hash], Math.ceil(memoryLength / PAGE_LENGTH));
		return { module, constants: this.#constants, constantsAt: CONSTANTS };
	}

	/** The S-box: s becomes (s + constant)^5. */
	#substitute(i: number, constant: bigint): void {
		const [sum, square, fourth] = SCRATCH;
		this.#call(SUM, sum, this.#state(i), this.constants(constant));
		this.#call(PRODUCT, square, sum, sum);
		this.#call(PRODUCT, fourth, square, square);
		this.#call(PRODUCT, this.#state(i), fourth, sum);
	}

	#state(i: number): Address {
		return this.#states[0] + i * ELEMENT_LENGTH;
	}

	#next(i: number): Address {
		return this.#states[1] + i * ELEMENT_LENGTH;
	}

	#swap(): void {
		this.#states = [this.#states[1], this.#states[0]];
	}

	#call(operation: number, ...addresses: readonly Address[]): void {
		this.#calls.push(call(operation, ...addresses.map(i32)));
	}

	#numbers(values: readonly bigint[]): Address {
		const address = CONSTANTS + this.#constants.length * ELEMENT_LENGTH;
		this.#constants.push(...values);
		return address;
	}
}
