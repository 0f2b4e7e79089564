/** 6x + 2 for the parameter x = 4965661367192848881 of BN254: the length of the optimal ate pairing's loop. */
export const ATE_LOOP_COUNT = 29793968203157093288n;

/**
 * The loop's digits after the leading one, highest first, in non-adjacent form: 21 of them are not zero, where 36 of the
 * binary ones are, and each costs an addition of points.
 */
export const ATE_LOOP_DIGITS: readonly number[] = nonAdjacentForm(ATE_LOOP_COUNT).slice(1);

/** Lines of one Miller loop: one a digit, one more where it is not zero, and two for the Frobenius images at the end. */
export const LINES = ATE_LOOP_DIGITS.length + ATE_LOOP_DIGITS.filter((digit) => digit !== 0).length + 2;

/** Digits -1, 0 and 1, highest first, of which no two neighbours are both not zero. */
function nonAdjacentForm(value: bigint): number[] {
	const digits: number[] = [];
	for (let rest = value; rest > 0n; rest >>= 1n) {
		const digit = rest % 2n === 0n ? 0 : 2 - Number(rest % 4n);
		digits.push(digit);
		rest -= BigInt(digit);
	}
	return digits.reverse();
}
