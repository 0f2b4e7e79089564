/** Bits of the shift register's state. */
const STATE_LENGTH = 80;
/** Bits thrown away before the first one that counts. */
const WARM_UP = 160;

/**
 * The generator from which Poseidon's authors draw the numbers of an instance, so that nobody can choose them: the Grain
 * shift register in self-shrinking mode (ePrint 2019/458, appendix E), started from the instance itself.
 * @param description of the instance, as bits
 */
export function grainBits(description: readonly number[]): () => number {
	// The register is the last bits of all that it has ever put out.
	const bits = [...description, ...Array.from({ length: STATE_LENGTH - description.length }, () => 1)];
	const bitAt = (place: number): number => bits[bits.length - STATE_LENGTH + place] ?? 0;
	const next = (): number => {
		const bit = bitAt(62) ^ bitAt(51) ^ bitAt(38) ^ bitAt(23) ^ bitAt(13) ^ bitAt(0);
		bits.push(bit);
		return bit;
	};
	for (let i = 0; i < WARM_UP; i++) next();
	// Of each two bits, the second counts when the first is set.
	return () => {
		while (next() === 0) next();
		return next();
	};
}
