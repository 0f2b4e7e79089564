import { F12_LENGTH, F1_LENGTH, F2_LENGTH, type Bn254 } from './bn254';

/** Bytes of an element of the extension of degree 6. */
const F6_LENGTH = F12_LENGTH / 2;

/**
 * Multiplies elements of the extension of degree 12 by 1 + c3·w + c4·w³, the form of a line. The extension is
 * F6[w] / (w² - v), where F6 = F2[v] / (v³ - ξ) and ξ = 9 + i: an element is a + b·w, a and b each three elements of F2.
 *
 * Multiplications in F2 are nearly all of the cost: there are eight, and an addition takes a twelfth of one.
 */
export class SparseProduct {
	readonly #bn254: Bn254;
	readonly #c3: number;
	readonly #c4: number;
	readonly #halfSum: number;
	readonly #halfDifference: number;
	readonly #a: number;
	readonly #b: number;
	readonly #even: number;
	readonly #product: number;
	readonly #ninefold: number;

	constructor(bn254: Bn254) {
		this.#bn254 = bn254;
		this.#c3 = bn254.reserve(F2_LENGTH);
		this.#c4 = bn254.reserve(F2_LENGTH);
		this.#halfSum = bn254.reserve(F2_LENGTH);
		this.#halfDifference = bn254.reserve(F2_LENGTH);
		this.#a = bn254.reserve(F6_LENGTH);
		this.#b = bn254.reserve(F6_LENGTH);
		this.#even = bn254.reserve(F2_LENGTH);
		this.#product = bn254.reserve(F2_LENGTH);
		this.#ninefold = bn254.reserve(F2_LENGTH);
	}

	/** Multiplies `value` in place. `halfC3` and `halfC4` are the addresses of c3 / 2 and c4 / 2. */
	multiply(value: number, halfC3: number, halfC4: number): void {
		const { call } = this.#bn254;
		const a = value;
		const b = value + F6_LENGTH;
		call.f2m_add(halfC3, halfC3, this.#c3);
		call.f2m_add(halfC4, halfC4, this.#c4);
		call.f2m_add(halfC3, halfC4, this.#halfSum);
		call.f2m_sub(halfC3, halfC4, this.#halfDifference);
		// (a + b·w) · (1 + l·w) = a + v·b·l + (b + a·l)·w, where l = c3 + c4·v.
		this.#timesLine(a, this.#a);
		this.#timesLine(b, this.#b);
		call.f6m_add(b, this.#a, b);
		// v·(b0 + b1·v + b2·v²) = ξ·b2 + b0·v + b1·v².
		this.#addTimesXi(a, this.#b + 2 * F2_LENGTH);
		call.f2m_add(a + F2_LENGTH, this.#b, a + F2_LENGTH);
		call.f2m_add(a + 2 * F2_LENGTH, this.#b + F2_LENGTH, a + 2 * F2_LENGTH);
	}

	/**
	 * (s0 + s1·v + s2·v²) · (c3 + c4·v) = p(v) of degree 3, from its values at 0, 1, -1 and infinity (Toom and Cook): with
	 * half of c3 and c4 those at 1 and -1 come out halved, as interpolating needs them. Then v³ = ξ.
	 */
	#timesLine(s0: number, result: number): void {
		const { call } = this.#bn254;
		const s1 = s0 + F2_LENGTH;
		const s2 = s0 + 2 * F2_LENGTH;
		const p0 = result;
		const p1 = result + F2_LENGTH;
		const p2 = result + 2 * F2_LENGTH;
		const p3 = this.#product;
		const atMinusOne = this.#even;
		call.f2m_add(s0, s2, this.#even);
		call.f2m_add(this.#even, s1, p1);
		call.f2m_mul(this.#halfSum, p1, p1);
		call.f2m_sub(this.#even, s1, atMinusOne);
		call.f2m_mul(this.#halfDifference, atMinusOne, atMinusOne);
		call.f2m_mul(this.#c3, s0, p0);
		call.f2m_mul(this.#c4, s2, p3);
		// p(1)/2 + p(-1)/2 = p0 + p2, and p(1)/2 - p(-1)/2 = p1 + p3.
		call.f2m_add(p1, atMinusOne, p2);
		call.f2m_sub(p2, p0, p2);
		call.f2m_sub(p1, atMinusOne, p1);
		call.f2m_sub(p1, p3, p1);
		this.#addTimesXi(p0, p3);
	}

	/** Adds (9 + i)·(x + y·i) = 9x - y + (9y + x)·i, by additions alone. */
	#addTimesXi(sum: number, value: number): void {
		const { call } = this.#bn254;
		const ninefold = this.#ninefold;
		call.f2m_add(value, value, ninefold);
		call.f2m_add(ninefold, ninefold, ninefold);
		call.f2m_add(ninefold, ninefold, ninefold);
		call.f2m_add(ninefold, value, ninefold);
		call.f2m_add(sum, ninefold, sum);
		call.f1m_sub(sum, value + F1_LENGTH, sum);
		call.f1m_add(sum + F1_LENGTH, value, sum + F1_LENGTH);
	}
}
