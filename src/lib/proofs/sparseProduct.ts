import { F12_LENGTH, F2_LENGTH, type Bn254 } from './bn254';

/** Bytes of an element of the extension of degree 6. */
const F6_LENGTH = F12_LENGTH / 2;

/**
 * Multiplies elements of the extension of degree 12 by 1 + c3·w + c4·w³, the form of a line. The extension is
 * F6[w] / (w² - v), where F6 = F2[v] / (v³ - ξ) and ξ = 9 + i: an element is a + b·w, a and b each three elements of F2.
 */
export class SparseProduct {
	readonly #bn254: Bn254;
	readonly #xi: number;
	readonly #c3PlusC4: number;
	readonly #a: number;
	readonly #b: number;
	readonly #sum: number;

	constructor(bn254: Bn254) {
		this.#bn254 = bn254;
		this.#xi = bn254.reserve(F2_LENGTH);
		bn254.putF2(this.#xi, 9n, 1n);
		this.#c3PlusC4 = bn254.reserve(F2_LENGTH);
		this.#a = bn254.reserve(F6_LENGTH);
		this.#b = bn254.reserve(F6_LENGTH);
		this.#sum = bn254.reserve(F2_LENGTH);
	}

	/** Multiplies `value` in place. `c3` and `c4` are addresses as well. */
	multiply(value: number, c3: number, c4: number): void {
		const { call } = this.#bn254;
		const a = value;
		const b = value + F6_LENGTH;
		call.f2m_add(c3, c4, this.#c3PlusC4);
		// (a + b·w) · (1 + l·w) = a + v·b·l + (b + a·l)·w, where l = c3 + c4·v.
		this.#timesBinomial(a, c3, c4, this.#a);
		this.#timesBinomial(b, c3, c4, this.#b);
		call.f6m_add(b, this.#a, b);
		// v·(b0 + b1·v + b2·v²) = ξ·b2 + b0·v + b1·v².
		const b2 = this.#b + 2 * F2_LENGTH;
		call.f2m_mul(this.#xi, b2, b2);
		call.f2m_add(a, b2, a);
		call.f2m_add(a + F2_LENGTH, this.#b, a + F2_LENGTH);
		call.f2m_add(a + 2 * F2_LENGTH, this.#b + F2_LENGTH, a + 2 * F2_LENGTH);
	}

	/** (s0 + s1·v + s2·v²) · (c3 + c4·v) with five multiplications, by Karatsuba's trick for the middle one. */
	#timesBinomial(s0: number, c3: number, c4: number, result: number): void {
		const { call } = this.#bn254;
		const s1 = s0 + F2_LENGTH;
		const s2 = s0 + 2 * F2_LENGTH;
		const r0 = result;
		const r1 = result + F2_LENGTH;
		const r2 = result + 2 * F2_LENGTH;
		call.f2m_mul(s0, c3, r0);
		call.f2m_mul(s1, c4, r2);
		call.f2m_add(s0, s1, this.#sum);
		call.f2m_mul(this.#c3PlusC4, this.#sum, r1);
		call.f2m_sub(r1, r0, r1);
		call.f2m_sub(r1, r2, r1);
		call.f2m_mul(s2, c4, this.#sum);
		call.f2m_mul(this.#xi, this.#sum, this.#sum);
		call.f2m_add(r0, this.#sum, r0);
		call.f2m_mul(s2, c3, this.#sum);
		call.f2m_add(r2, this.#sum, r2);
	}
}
