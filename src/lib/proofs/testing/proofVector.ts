import { readFileSync } from 'node:fs';
import type { Hash } from '../../bytes/hash';
import { bytesToHex, hexToBytes } from '../../bytes/hex';
import { credentialKeyOf } from '../../election/codeKeys';
import { bigintOfHash } from '../fieldElement';
import type { CredentialKey, ProofContext, ProofStatement } from '../port';

interface ProofVector {
	readonly depth: number;
	readonly scope: Hash;
	readonly commitments: readonly Hash[];
	readonly groupRoot: Hash;
	readonly proofs: readonly {
		readonly code: string;
		readonly choices: readonly number[];
		readonly message: Hash;
		readonly nullifier: Hash;
		readonly proof: string;
	}[];
}

/** Real proofs, made once, so that most tests need not wait for any. */
export const PROOF_VECTOR = JSON.parse(
	readFileSync(new URL('../../../../tests/vectors/proof.json', import.meta.url), 'utf8')
) as ProofVector;

export const VECTOR_CONTEXT: ProofContext = {
	scope: PROOF_VECTOR.scope,
	depth: PROOF_VECTOR.depth
};

export const VECTOR_STATEMENTS: readonly ProofStatement[] = PROOF_VECTOR.proofs.map(
	({ nullifier, message, proof }) => ({
		groupRoot: PROOF_VECTOR.groupRoot,
		nullifier,
		message,
		proof: hexToBytes(proof)
	})
);

/** The credential keys of those who made the proofs, in order; the group's first members. */
export const VECTOR_KEYS: readonly CredentialKey[] = PROOF_VECTOR.proofs.map(({ code }) => credentialKeyOf(code));

/** The eight coordinates of a packed proof. */
export function coordinatesOf(proof: Uint8Array): bigint[] {
	return Array.from({ length: 8 }, (_, index) =>
		BigInt(`0x${bytesToHex(proof.subarray(32 * index, 32 * (index + 1)))}`)
	);
}

/** A statement in the form that `verifyProof` of @semaphore-protocol/proof takes. */
export function semaphoreProofOf(
	statement: ProofStatement,
	{ scope, depth }: Pick<ProofVector, 'scope' | 'depth'> = PROOF_VECTOR
) {
	const [a, b, c, d, e, f, g, h] = coordinatesOf(statement.proof).map(String) as [
		string,
		string,
		string,
		string,
		string,
		string,
		string,
		string
	];
	return {
		merkleTreeDepth: depth,
		merkleTreeRoot: bigintOfHash(statement.groupRoot).toString(),
		nullifier: bigintOfHash(statement.nullifier).toString(),
		message: bigintOfHash(statement.message).toString(),
		scope: bigintOfHash(scope).toString(),
		points: [a, b, c, d, e, f, g, h] as [string, string, string, string, string, string, string, string]
	};
}
