import { Identity } from '@semaphore-protocol/identity';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import type { Hash, Nullifier } from '../bytes/hash';
import { sha256 } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { normaliseCode } from '../election/votingCode';
import { hashOfBigint, hashToField } from './fieldElement';

const DOMAIN = utf8('pollen/credential/v1');

/** A voter's Semaphore identity. */
export interface Credential {
	/** Poseidon of the public key; public, a leaf of the group. */
	readonly commitment: Hash;
	/** The private scalar on Baby Jubjub that the circuit takes. Whoever has it can vote and link the ballot. */
	readonly secretScalar: bigint;
}

/** The credential that a voting code stands for, however the voter typed it. Takes about 20 ms. */
export function credentialOf(code: string): Credential {
	const { commitment, secretScalar } = new Identity(sha256(DOMAIN, utf8(normaliseCode(code))));
	return { commitment: hashOfBigint(commitment), secretScalar };
}

/** The nullifier of a credential in a scope, computed as the circuit does. */
export function nullifierIn(scope: Hash, { secretScalar }: Credential): Nullifier {
	return hashOfBigint(poseidon2([hashToField(scope), secretScalar]));
}
