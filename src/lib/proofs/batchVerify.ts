import type { ProofDepth } from '../election/proofDepth';
import { BatchEquation, MAX_BATCH, type ProofToCheck } from './batchEquation';
import { Bn254 } from './bn254';
import { VERIFICATION_KEYS } from './verificationKey';

/** Verifies any number of proofs of the circuit of one depth, in batches. Synchronous, so calls cannot interleave. */
export class BatchVerifier {
	readonly #equation: BatchEquation;

	private constructor(equation: BatchEquation) {
		this.#equation = equation;
	}

	static async open(depth: ProofDepth): Promise<BatchVerifier> {
		return new BatchVerifier(new BatchEquation(await Bn254.open(), VERIFICATION_KEYS[depth]));
	}

	/** One verdict a proof, in order. */
	verify(proofs: readonly ProofToCheck[]): boolean[] {
		const verdicts: boolean[] = [];
		for (let start = 0; start < proofs.length; start += MAX_BATCH) {
			verdicts.push(...this.#verifyBatch(proofs.slice(start, start + MAX_BATCH)));
		}
		return verdicts;
	}

	#verifyBatch(proofs: readonly ProofToCheck[]): boolean[] {
		const admissible = this.#equation.load(proofs);
		const bad = new Set<number>();
		this.#findBad(0, proofs.length, false, bad);
		return admissible.map((isAdmissible, index) => isAdmissible && !bad.has(index));
	}

	/**
	 * Finds the bad proofs among those from `start` to `end` by halving: with few of them, in few equations. Whether
	 * there were any. `isBad` says that it is already known that there is one.
	 */
	#findBad(start: number, end: number, isBad: boolean, bad: Set<number>): boolean {
		if (!isBad && this.#equation.holds(start, end)) return false;
		if (end - start === 1) {
			bad.add(start);
			return true;
		}
		const middle = (start + end) >> 1;
		const isFirstHalfBad = this.#findBad(start, middle, false, bad);
		// When the first half is good, what is bad must be in the second.
		this.#findBad(middle, end, !isFirstHalfBad, bad);
		return true;
	}
}
