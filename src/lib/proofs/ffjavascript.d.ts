/** The little of ffjavascript 0.3.1 that Pollen uses; the package has no types of its own. */
declare module 'ffjavascript' {
	/**
	 * Functions of the curve's WebAssembly module; every argument but a count or length is an address in its memory.
	 * Field elements are in Montgomery form, scalars are plain little-endian. Results may overwrite operands.
	 */
	export interface Bn128Functions {
		f1m_toMontgomery(value: number, result: number): void;
		f1m_add(a: number, b: number, result: number): void;
		f1m_sub(a: number, b: number, result: number): void;
		f1m_mul(a: number, b: number, result: number): void;
		f1m_square(a: number, result: number): void;
		f1m_neg(a: number, result: number): void;
		f1m_inverse(a: number, result: number): void;
		f2m_isZero(a: number): number;
		f2m_add(a: number, b: number, result: number): void;
		f2m_sub(a: number, b: number, result: number): void;
		f2m_mul(a: number, b: number, result: number): void;
		/** By an element of the base field. */
		f2m_mul1(a: number, b: number, result: number): void;
		f2m_square(a: number, result: number): void;
		f2m_neg(a: number, result: number): void;
		f2m_conjugate(a: number, result: number): void;
		/** Of `count` elements that lie so many bytes apart, with one inversion. Zero gives zero. */
		f2m_batchInverse(values: number, step: number, count: number, results: number, resultStep: number): void;
		f6m_add(a: number, b: number, result: number): void;
		ftm_one(result: number): void;
		ftm_square(a: number, result: number): void;
		ftm_isOne(a: number): number;
		/** Whether the affine point solves the curve equation; (0, 0), which stands for infinity, does not. */
		g1m_inCurveAffine(point: number): number;
		g1m_isZero(point: number): number;
		g1m_neg(point: number, result: number): void;
		g1m_timesScalarAffine(point: number, scalar: number, scalarLength: number, result: number): void;
		/** The sum of `count` affine points times their scalars. */
		g1m_multiexpAffine(points: number, scalars: number, scalarLength: number, count: number, result: number): void;
		g2m_inCurveAffine(point: number): number;
		g2m_eqAffine(a: number, b: number): number;
		g2m_copyAffine(point: number, result: number): void;
		g2m_timesScalarAffine(point: number, scalar: number, scalarLength: number, result: number): void;
		bn128_finalExponentiation(a: number, result: number): void;
	}

	export interface Bn128 {
		readonly tm: {
			/** The module's memory. */
			readonly u8: Uint8Array;
			readonly instance: { readonly exports: Bn128Functions };
			/** Reserves bytes for ever. Does not look where the memory ends. */
			alloc(length: number): number;
		};
	}

	/** BN254. `singleThread` keeps it from starting workers from data: URLs, which the page's policy forbids. */
	export function buildBn128(singleThread: true): Promise<Bn128>;

	global {
		/** Where ffjavascript keeps the curve that everybody shares, and takes it from. Null once it is imported. */
		var curve_bn128: Bn128 | null | undefined;
	}
}
