import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ELEMENT_LENGTH, LIMBS, LIMB_BITS, MontgomeryFunctions, RADIX, limbsOf } from './montgomery';
import { Fr } from './scalarField';
import { wasmModule } from './wasmBytes';

const field = new MontgomeryFunctions(Fr.ORDER);
const named = { sum: field.sum(), product: field.product(1), products: field.product(3), plus: field.productPlus() };
const functions = Object.entries(named).map(([name, body]) => ({ ...body, name }));
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasmModule(functions, 1)));
const call = exports as Record<keyof typeof named, (...addresses: number[]) => void>;
const words = new BigUint64Array((exports.memory as WebAssembly.Memory).buffer);

/** Addresses of operands, with room for three elements each, and of the result. */
const [A, B, C, RESULT] = [0, 3, 6, 9].map((place) => place * ELEMENT_LENGTH) as [number, number, number, number];

const put = (address: number, ...elements: readonly bigint[]): void =>
	elements.flatMap(limbsOf).forEach((limb, index) => (words[address / 8 + index] = limb));
const limbsAt = (address: number): bigint[] => Array.from(words.subarray(address / 8, address / 8 + LIMBS));
const at = (address: number): bigint =>
	limbsAt(address).reduce((value, limb, j) => value + (limb << BigInt(j * LIMB_BITS)), 0n);
const inverseOfRadix = Fr.inv(Fr.create(RADIX));
const reduced = (value: bigint): bigint => Fr.create(Fr.create(value) * inverseOfRadix);

/** Of any size that has room, most often with limbs that are as large as they can be. */
const anyElement = fc
	.array(fc.oneof(fc.constant((1n << 29n) - 1n), fc.constant(0n), fc.bigInt(0n, (1n << 29n) - 1n)), {
		minLength: LIMBS,
		maxLength: LIMBS
	})
	.map((limbs) => limbs.reduce((value, limb, j) => value + (limb << BigInt(j * LIMB_BITS)), 0n));
const anyThree = fc.tuple(anyElement, anyElement, anyElement);

function expectCarried(): void {
	expect(
		limbsAt(RESULT)
			.slice(0, -1)
			.filter((limb) => limb >> BigInt(LIMB_BITS) > 0n)
	).toEqual([]);
}

describe('Montgomery arithmetic', () => {
	it('multiplies, sums of two elements as well', () => {
		fc.assert(
			fc.property(anyElement, anyElement, anyElement, anyElement, (a, b, c, d) => {
				put(A, a);
				put(B, b);
				put(C, c);
				put(RESULT, d);
				call.sum(A, A, B);
				call.sum(B, C, RESULT);
				expect([at(A), at(B)]).toEqual([a + b, c + d]);
				call.product(RESULT, A, B);
				expect(Fr.create(at(RESULT))).toBe(reduced((a + b) * (c + d)));
				expectCarried();
			}),
			{ numRuns: 2_000 }
		);
	});

	it('squares in place', () => {
		fc.assert(
			fc.property(anyElement, (a) => {
				put(A, a);
				call.sum(A, A, A);
				call.product(A, A, A);
				expect(Fr.create(at(A))).toBe(reduced(4n * a * a));
			})
		);
	});

	it('multiplies and adds', () => {
		fc.assert(
			fc.property(anyThree, ([a, b, c]) => {
				put(A, a);
				put(B, b);
				put(C, c);
				call.plus(RESULT, A, B, C);
				expect(Fr.create(at(RESULT))).toBe(Fr.create(reduced(a * b) + c));
				expectCarried();
			})
		);
	});

	it('adds three products up', () => {
		fc.assert(
			fc.property(anyThree, anyThree, (a, b) => {
				put(A, ...a);
				put(B, ...b);
				call.products(RESULT, A, B);
				expect(Fr.create(at(RESULT))).toBe(reduced(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]));
				expectCarried();
			}),
			{ numRuns: 2_000 }
		);
	});

	it('keeps numbers of five times the order, and what it makes of them, that small', () => {
		const most = 5n * Fr.ORDER;
		put(A, most, most, most);
		put(B, Fr.ORDER - 1n, Fr.ORDER - 1n, Fr.ORDER - 1n);
		call.product(RESULT, A, A);
		expect(at(RESULT) * 100n).toBeLessThan(115n * Fr.ORDER);
		call.products(RESULT, A, B);
		expect(at(RESULT) * 100n).toBeLessThan(115n * Fr.ORDER);
	});

	it('brings a number out of its form to at most the order', () => {
		put(B, 1n);
		for (const [number, least] of [
			[0n, 0n],
			[Fr.ORDER, Fr.ORDER],
			[Fr.create(RADIX), 1n],
			[Fr.create(-RADIX), Fr.ORDER - 1n]
		] as const) {
			put(A, number);
			call.product(RESULT, A, B);
			expect(at(RESULT)).toBe(least);
		}
	});
});
