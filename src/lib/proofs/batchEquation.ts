import { SCALAR_FIELD } from '../election/field';
import { F12_LENGTH, G1_AFFINE_LENGTH, G1_LENGTH, type Bn254 } from './bn254';
import { bigintOfHash } from './fieldElement';
import { writeKeyPoints, type KeyPoints } from './keyPoints';
import { LineTable } from './lineTable';
import { MAX_BATCH } from './maxBatch';
import { MillerLoop } from './millerLoop';
import { POINT_A, POINT_B, POINT_C, isCanonicalProof, type PointPlace } from './pack';
import type { PublicSignals } from './signals';
import type { VerificationKey } from './verificationKey';

export { MAX_BATCH };

/** Bytes of a random coefficient: that an equation holds with a bad proof in it is a chance of 1 in 2^128. */
const COEFFICIENT_LENGTH = 16;
const SCALAR_LENGTH = 32;
const SCALAR_ORDER = bigintOfHash(SCALAR_FIELD);

/** Slots of the Miller loop for the pairings that all proofs share; those before belong to one proof each. */
const BETA_SLOT = MAX_BATCH;
const GAMMA_SLOT = MAX_BATCH + 1;
const DELTA_SLOT = MAX_BATCH + 2;
const SLOTS = MAX_BATCH + 3;

/** A packed proof (see pack.ts) and what it is about. */
export interface ProofToCheck {
	readonly signals: PublicSignals;
	readonly proof: Uint8Array;
}

/**
 * The verification equations of several Groth16 proofs (ePrint 2016/260) of one circuit as one: each raised to a random
 * coefficient r_i, and all multiplied together.
 *
 *     ∏ e(r_i·A_i, B_i) · e(-Σ r_i·α, β) · e(-Σ r_i·IC(signals_i), γ) · e(-Σ r_i·C_i, δ) = 1
 *
 * The last three pairings and the final exponentiation cost the same for one proof as for many. Why no bad proof can
 * hide among others is in the README.
 */
export class BatchEquation {
	readonly #bn254: Bn254;
	readonly #key: KeyPoints;
	readonly #lines: LineTable;
	readonly #millerLoop: MillerLoop;
	/** For each proof its coefficient, alone and times each signal: the factors of the points IC. */
	#factors: (readonly bigint[])[] = [];
	/** Addresses of lists with an entry a proof. */
	readonly #pointsA: number;
	readonly #pointsC: number;
	readonly #coefficients: number;
	/** Addresses of space for what is being computed. */
	readonly #sum: number;
	readonly #scalars: number;
	readonly #value: number;

	constructor(bn254: Bn254, key: VerificationKey) {
		this.#bn254 = bn254;
		this.#lines = new LineTable(bn254, SLOTS);
		this.#millerLoop = new MillerLoop(bn254, this.#lines, SLOTS);
		this.#key = writeKeyPoints(
			bn254,
			key,
			[BETA_SLOT, GAMMA_SLOT, DELTA_SLOT].map((slot) => this.#lines.pointAt(slot))
		);
		this.#lines.prepare(BETA_SLOT, SLOTS);
		this.#pointsA = bn254.reserve(MAX_BATCH * G1_AFFINE_LENGTH);
		this.#pointsC = bn254.reserve(MAX_BATCH * G1_AFFINE_LENGTH);
		this.#coefficients = bn254.reserve(MAX_BATCH * COEFFICIENT_LENGTH);
		this.#sum = bn254.reserve(G1_LENGTH);
		this.#scalars = bn254.reserve(this.#key.icCount * SCALAR_LENGTH);
		this.#value = bn254.reserve(F12_LENGTH);
	}

	/**
	 * Takes at most {@link MAX_BATCH} proofs, instead of those before. Tells for each whether its points are admissible:
	 * canonically encoded, on their curves, not infinity, and B in the subgroup of order r (the curve of A and C has no
	 * other). The others get the coefficient zero, and so take no part in the equation.
	 */
	load(proofs: readonly ProofToCheck[]): boolean[] {
		if (proofs.length > MAX_BATCH) throw new RangeError(`a batch holds ${MAX_BATCH} proofs`);
		const onCurve = proofs.map(({ proof }, slot) => isCanonicalProof(proof) && this.#readPoints(proof, slot));
		const inSubgroup = this.#lines.prepare(0, proofs.length);
		const admissible = onCurve.map((isOnCurve, slot) => isOnCurve && inSubgroup[slot] === true);
		this.#factors = proofs.map(({ signals }, slot) => {
			const coefficient = new Uint8Array(COEFFICIENT_LENGTH);
			if (admissible[slot]) crypto.getRandomValues(coefficient);
			this.#setCoefficient(slot, coefficient);
			const factor = bigintOfLittleEndian(coefficient);
			return [factor, ...signals.map((signal) => factor * signal)];
		});
		return admissible;
	}

	/** Whether the equation holds for the admissible ones of the proofs from `start` up to, not including, `end`. */
	holds(start: number, end: number): boolean {
		const { call } = this.#bn254;
		this.#putIcFactors(start, end);
		// The first factor, that of the constant, is the sum of all coefficients.
		call.g1m_timesScalarAffine(this.#key.alpha, this.#scalars, SCALAR_LENGTH, this.#sum);
		this.#setToNegatedSum(BETA_SLOT);
		call.g1m_multiexpAffine(this.#key.ic, this.#scalars, SCALAR_LENGTH, this.#key.icCount, this.#sum);
		this.#setToNegatedSum(GAMMA_SLOT);
		const coefficients = this.#coefficients + start * COEFFICIENT_LENGTH;
		call.g1m_multiexpAffine(this.#pointC(start), coefficients, COEFFICIENT_LENGTH, end - start, this.#sum);
		this.#setToNegatedSum(DELTA_SLOT);

		const slots = Array.from({ length: end - start }, (_, index) => start + index);
		const product = this.#millerLoop.multiply([...slots, BETA_SLOT, GAMMA_SLOT, DELTA_SLOT]);
		call.bn128_finalExponentiation(product, this.#value);
		return call.ftm_isOne(this.#value) === 1;
	}

	/** Reads A, B and C, and tells whether they are on their curves, where infinity, written (0, 0), is not. */
	#readPoints(proof: Uint8Array, slot: number): boolean {
		const { call } = this.#bn254;
		const pointB = this.#lines.pointAt(slot);
		this.#readPoint(proof, POINT_A, this.#pointA(slot));
		this.#readPoint(proof, POINT_B, pointB);
		this.#readPoint(proof, POINT_C, this.#pointC(slot));
		return (
			call.g1m_inCurveAffine(this.#pointA(slot)) === 1 &&
			call.g2m_inCurveAffine(pointB) === 1 &&
			call.g1m_inCurveAffine(this.#pointC(slot)) === 1
		);
	}

	#readPoint(proof: Uint8Array, { start, coordinateLength }: PointPlace, address: number): void {
		const middle = start + coordinateLength;
		this.#bn254.putCoordinate(address, proof.subarray(start, middle));
		this.#bn254.putCoordinate(address + coordinateLength, proof.subarray(middle, middle + coordinateLength));
	}

	#setCoefficient(slot: number, coefficient: Uint8Array): void {
		const address = this.#coefficients + slot * COEFFICIENT_LENGTH;
		this.#bn254.putBytes(address, coefficient);
		this.#bn254.call.g1m_timesScalarAffine(this.#pointA(slot), address, COEFFICIENT_LENGTH, this.#sum);
		this.#millerLoop.setP(slot, this.#sum);
	}

	#putIcFactors(start: number, end: number): void {
		const factors = this.#factors.slice(start, end);
		for (let index = 0; index < this.#key.icCount; index++) {
			const sum = factors.reduce((total, terms) => total + (terms[index] ?? 0n), 0n) % SCALAR_ORDER;
			this.#bn254.putScalar(this.#scalars + index * SCALAR_LENGTH, sum, SCALAR_LENGTH);
		}
	}

	#setToNegatedSum(slot: number): void {
		this.#bn254.call.g1m_neg(this.#sum, this.#sum);
		this.#millerLoop.setP(slot, this.#sum);
	}

	#pointA(slot: number): number {
		return this.#pointsA + slot * G1_AFFINE_LENGTH;
	}

	#pointC(slot: number): number {
		return this.#pointsC + slot * G1_AFFINE_LENGTH;
	}
}

function bigintOfLittleEndian(bytes: Uint8Array): bigint {
	return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
