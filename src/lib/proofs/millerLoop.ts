import { ATE_LOOP_DIGITS } from './ateLoop';
import { F12_LENGTH, F1_LENGTH, F2_LENGTH, type Bn254 } from './bn254';
import type { LineTable } from './lineTable';
import { SparseProduct } from './sparseProduct';

/** Bytes of what a line is evaluated with: -x/2y and 1/2y of P = (x, y). */
const PREPARED_P_LENGTH = 2 * F1_LENGTH;

/**
 * The product of the Miller loops of several pairs of points (P, Q). All of them square their value before every digit,
 * so their product is squared once for all (Granger and Smart, ePrint 2006/172). Pairs stand in numbered slots, whose
 * Q are in a table of lines.
 *
 * A line at P is yP - λ·xP·w + μ·w³. Every factor may be divided by elements of a proper subfield, since the final
 * exponentiation turns those into one; divided by yP, a line has two coefficients that are not one.
 */
export class MillerLoop {
	readonly #bn254: Bn254;
	readonly #lines: LineTable;
	readonly #sparse: SparseProduct;
	readonly #prepared: number;
	/** Slots whose P is infinity: such a pair contributes one. */
	readonly #infinite = new Set<number>();
	readonly #product: number;
	readonly #halfC3: number;
	readonly #halfC4: number;
	readonly #squareZ: number;
	readonly #half: number;

	constructor(bn254: Bn254, lines: LineTable, slots: number) {
		this.#bn254 = bn254;
		this.#lines = lines;
		this.#sparse = new SparseProduct(bn254);
		this.#prepared = bn254.reserve(slots * PREPARED_P_LENGTH);
		this.#product = bn254.reserve(F12_LENGTH);
		this.#halfC3 = bn254.reserve(F2_LENGTH);
		this.#halfC4 = bn254.reserve(F2_LENGTH);
		this.#squareZ = bn254.reserve(F1_LENGTH);
		this.#half = bn254.reserve(F1_LENGTH);
		bn254.putF1(this.#half, 2n);
		bn254.call.f1m_inverse(this.#half, this.#half);
	}

	/** Sets a slot's P, from the address of a Jacobian point (X, Y, Z): then x/y = X·Z / Y, and 1/y = Z³ / Y. Both are halved. */
	setP(slot: number, point: number): void {
		const { call } = this.#bn254;
		if (call.g1m_isZero(point)) {
			this.#infinite.add(slot);
			return;
		}
		this.#infinite.delete(slot);
		const z = point + 2 * F1_LENGTH;
		const xOverY = this.#preparedAt(slot);
		const oneOverY = xOverY + F1_LENGTH;
		call.f1m_inverse(point + F1_LENGTH, oneOverY);
		call.f1m_mul(oneOverY, z, oneOverY);
		call.f1m_mul(oneOverY, this.#half, oneOverY);
		call.f1m_mul(oneOverY, point, xOverY);
		call.f1m_neg(xOverY, xOverY);
		call.f1m_square(z, this.#squareZ);
		call.f1m_mul(oneOverY, this.#squareZ, oneOverY);
	}

	/** The address of the product over `slots`, before the final exponentiation; good until the next call. */
	multiply(slots: readonly number[]): number {
		const { call } = this.#bn254;
		const finite = slots.filter((slot) => !this.#infinite.has(slot));
		let line = 0;
		call.ftm_one(this.#product);
		for (const digit of ATE_LOOP_DIGITS) {
			call.ftm_square(this.#product, this.#product);
			this.#multiplyByLines(finite, line++);
			if (digit !== 0) this.#multiplyByLines(finite, line++);
		}
		this.#multiplyByLines(finite, line++);
		this.#multiplyByLines(finite, line);
		return this.#product;
	}

	#multiplyByLines(slots: readonly number[], line: number): void {
		const { call } = this.#bn254;
		for (const slot of slots) {
			const slope = this.#lines.lineAt(slot, line);
			const prepared = this.#preparedAt(slot);
			call.f2m_mul1(slope, prepared, this.#halfC3);
			call.f2m_mul1(slope + F2_LENGTH, prepared + F1_LENGTH, this.#halfC4);
			this.#sparse.multiply(this.#product, this.#halfC3, this.#halfC4);
		}
	}

	#preparedAt(slot: number): number {
		return this.#prepared + slot * PREPARED_P_LENGTH;
	}
}
