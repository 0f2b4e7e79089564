import { ATE_LOOP_DIGITS, LINES } from './ateLoop';
import { F2_LENGTH, G2_AFFINE_LENGTH, type Bn254 } from './bn254';
import { Frobenius } from './frobenius';

/** A line is kept as its slope λ and as μ = λ·x - y, for any of its points (x, y). */
export const LINE_LENGTH = 2 * F2_LENGTH;
const LINES_LENGTH = LINES * LINE_LENGTH;

/**
 * The lines that a Miller loop goes through, for points Q of the twist in numbered slots. They depend on nothing but Q.
 *
 * Many points are taken through the loop side by side, in affine coordinates: of all that a step divides by, Montgomery's
 * trick makes one inversion, so a division costs three multiplications, less than projective coordinates do.
 */
export class LineTable {
	readonly #bn254: Bn254;
	readonly #frobenius: Frobenius;
	/** Addresses of lists with an entry a slot: Q, the point being added, the running point R, and divisions. */
	readonly #points: number;
	readonly #addends: number;
	readonly #running: number;
	readonly #divisors: number;
	readonly #inverses: number;
	readonly #lines: number;
	/** Slots in which a step had no line: R and the point to add were equal or opposite. */
	readonly #broken = new Set<number>();

	constructor(bn254: Bn254, slots: number) {
		this.#bn254 = bn254;
		this.#frobenius = new Frobenius(bn254);
		this.#points = bn254.reserve(slots * G2_AFFINE_LENGTH);
		this.#addends = bn254.reserve(slots * G2_AFFINE_LENGTH);
		this.#running = bn254.reserve(slots * G2_AFFINE_LENGTH);
		this.#divisors = bn254.reserve(slots * F2_LENGTH);
		this.#inverses = bn254.reserve(slots * F2_LENGTH);
		this.#lines = bn254.reserve(slots * LINES_LENGTH);
	}

	/** Where to write a slot's Q: affine, on the twist, not infinity. */
	pointAt(slot: number): number {
		return this.#points + slot * G2_AFFINE_LENGTH;
	}

	/** The address of one of a slot's lines, counted in the order of the loop. */
	lineAt(slot: number, line: number): number {
		return this.#lines + slot * LINES_LENGTH + line * LINE_LENGTH;
	}

	/**
	 * Computes the lines of the slots from `start` up to, not including, `end`. Tells for each whether its Q lies in G2,
	 * the subgroup of order r; the twist has about 2^254 times as many points, and with those a pairing proves nothing.
	 *
	 * At the end of the loop R = [6x + 2]Q + ψ(Q) - ψ²(Q), and R = -ψ³(Q) for the points of G2 and for no others. That
	 * they fulfil it is what the optimal ate pairing rests on (Vercauteren, ePrint 2008/096). That nothing else does
	 * follows from the criterion of Dai, Lin, Zhao and Zhou (ePrint 2022/348): as an element of Z[ψ], 6x + 2 + ψ - ψ² + ψ³
	 * has a norm whose only common divisor with the twist's order is r, which the unit test computes. A step without a
	 * line cannot occur in G2, where R is a small multiple of Q.
	 */
	prepare(start: number, end: number): boolean[] {
		const { call } = this.#bn254;
		const slots = Array.from({ length: end - start }, (_, index) => start + index);
		this.#broken.clear();
		for (const slot of slots) this.#copyPoint(this.pointAt(slot), this.#runningAt(slot));

		let line = 0;
		for (const digit of ATE_LOOP_DIGITS) {
			this.#double(slots, line++);
			if (digit === 0) continue;
			for (const slot of slots) this.#copyPoint(this.pointAt(slot), this.#addendAt(slot));
			if (digit < 0) for (const slot of slots) this.#negate(this.#addendAt(slot));
			this.#add(slots, line++);
		}
		for (const slot of slots) this.#frobenius.apply(this.pointAt(slot), this.#addendAt(slot));
		this.#add(slots, line++);
		for (const slot of slots) this.#frobenius.apply(this.#addendAt(slot), this.#addendAt(slot));
		for (const slot of slots) this.#negate(this.#addendAt(slot));
		this.#add(slots, line);
		for (const slot of slots) this.#frobenius.apply(this.#addendAt(slot), this.#addendAt(slot));
		return slots.map(
			(slot) => !this.#broken.has(slot) && call.g2m_eqAffine(this.#runningAt(slot), this.#addendAt(slot)) === 1
		);
	}

	/** R becomes 2R; the line is the tangent at R, of slope 3x² / 2y. */
	#double(slots: readonly number[], line: number): void {
		const { call } = this.#bn254;
		for (const slot of slots) {
			const y = this.#runningAt(slot) + F2_LENGTH;
			call.f2m_add(y, y, this.#divisorAt(slot));
		}
		this.#invertDivisors(slots);
		for (const slot of slots) {
			const x = this.#runningAt(slot);
			const slope = this.lineAt(slot, line);
			const square = this.#divisorAt(slot);
			call.f2m_square(x, square);
			call.f2m_add(square, square, slope);
			call.f2m_add(slope, square, slope);
			call.f2m_mul(this.#inverseAt(slot), slope, slope);
			this.#move(slot, slope, x);
		}
	}

	/** R becomes R + S for the point S to add; the line goes through both. */
	#add(slots: readonly number[], line: number): void {
		const { call } = this.#bn254;
		for (const slot of slots) call.f2m_sub(this.#runningAt(slot), this.#addendAt(slot), this.#divisorAt(slot));
		this.#invertDivisors(slots);
		for (const slot of slots) {
			const slope = this.lineAt(slot, line);
			call.f2m_sub(this.#runningAt(slot) + F2_LENGTH, this.#addendAt(slot) + F2_LENGTH, slope);
			call.f2m_mul(this.#inverseAt(slot), slope, slope);
			this.#move(slot, slope, this.#addendAt(slot));
		}
	}

	/** Moves R to the third point of the curve on the line with this slope through R and (`otherX`, ·), negated. */
	#move(slot: number, slope: number, otherX: number): void {
		const { call } = this.#bn254;
		const x = this.#runningAt(slot);
		const y = x + F2_LENGTH;
		const mu = slope + F2_LENGTH;
		call.f2m_mul(slope, x, mu);
		call.f2m_sub(mu, y, mu);
		// y is free now.
		call.f2m_square(slope, y);
		call.f2m_sub(y, otherX, y);
		call.f2m_sub(y, x, x);
		call.f2m_mul(slope, x, y);
		call.f2m_sub(mu, y, y);
	}

	#invertDivisors(slots: readonly number[]): void {
		const { call } = this.#bn254;
		const first = slots[0];
		if (first === undefined) return;
		// Inverts zero to zero, so that one broken slot does not spoil the others.
		call.f2m_batchInverse(this.#divisorAt(first), F2_LENGTH, slots.length, this.#inverseAt(first), F2_LENGTH);
		for (const slot of slots) if (call.f2m_isZero(this.#divisorAt(slot))) this.#broken.add(slot);
	}

	#copyPoint(from: number, to: number): void {
		this.#bn254.call.g2m_copyAffine(from, to);
	}

	#negate(point: number): void {
		this.#bn254.call.f2m_neg(point + F2_LENGTH, point + F2_LENGTH);
	}

	#runningAt(slot: number): number {
		return this.#running + slot * G2_AFFINE_LENGTH;
	}

	#addendAt(slot: number): number {
		return this.#addends + slot * G2_AFFINE_LENGTH;
	}

	#divisorAt(slot: number): number {
		return this.#divisors + slot * F2_LENGTH;
	}

	#inverseAt(slot: number): number {
		return this.#inverses + slot * F2_LENGTH;
	}
}
