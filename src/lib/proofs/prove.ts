import { buildBn128 } from 'ffjavascript';
import { groth16 } from 'snarkjs';
import type { Hash } from '../bytes/hash';
import type { ProofDepth } from '../election/proofDepth';
import type { Artifacts } from './artifacts';
import { hashOfBigint, hashToField } from './fieldElement';
import type { MembershipPath } from './group';
import { packProof } from './pack';
import type { ProofStatement } from './port';

let singleThreaded: Promise<void> | undefined;

/**
 * Builds the curve that snarkjs computes with, in this thread. snarkjs takes `globalThis.curve_bn128` when there is one;
 * otherwise it starts workers from data: URLs, which the page's policy forbids, and waits for them for ever.
 */
export function useSingleThread(): Promise<void> {
	singleThreaded ??= buildBn128(true).then((curve) => {
		globalThis.curve_bn128 ??= curve;
	});
	return singleThreaded;
}

/** What a proof says, and the secrets that it says it with. */
export interface ProofInput {
	readonly secretScalar: bigint;
	readonly path: MembershipPath;
	readonly depth: ProofDepth;
	readonly scope: Hash;
	readonly message: Hash;
}

/** Makes a Groth16 proof with fresh randomness: the same input gives different bytes each time. */
export async function prove(input: ProofInput, { wasm, zkey }: Artifacts): Promise<ProofStatement> {
	await useSingleThread();
	const { proof, publicSignals } = await groth16.fullProve(
		{
			secret: input.secretScalar,
			merkleProofLength: input.path.siblings.length,
			merkleProofIndex: input.path.index,
			merkleProofSiblings: paddedTo(input.depth, input.path.siblings),
			scope: hashToField(input.scope),
			message: hashToField(input.message)
		},
		wasm,
		zkey
	);
	const [groupRoot, nullifier] = publicSignals;
	return {
		groupRoot: hashOfBigint(BigInt(groupRoot ?? 0)),
		nullifier: hashOfBigint(BigInt(nullifier ?? 0)),
		message: input.message,
		proof: packProof(proof)
	};
}

/** The circuit has room for `depth` siblings and looks at as many as the path has. */
function paddedTo(depth: ProofDepth, siblings: readonly bigint[]): bigint[] {
	return Array.from({ length: depth }, (_, level) => siblings[level] ?? 0n);
}
