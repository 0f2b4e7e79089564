/** The little of snarkjs 0.7.5 that Pollen uses; the package has no types of its own. */
declare module 'snarkjs' {
	export interface Groth16Proof {
		/** Decimal coordinates, projective: x, y, 1. */
		readonly pi_a: readonly string[];
		readonly pi_b: readonly (readonly string[])[];
		readonly pi_c: readonly string[];
	}

	export const groth16: {
		fullProve(
			input: Readonly<Record<string, bigint | number | readonly bigint[]>>,
			wasm: Uint8Array,
			zkey: Uint8Array
		): Promise<{ proof: Groth16Proof; publicSignals: string[] }>;
	};
}
