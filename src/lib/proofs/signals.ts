import type { Hash } from '../bytes/hash';
import { isHash } from '../bytes/hash';
import { isFieldElement } from '../election/field';
import { bigintOfHash, hashToField } from './fieldElement';
import type { ProofStatement } from './port';

/** In the circuit's order: group root, nullifier, hash of the message, hash of the scope. */
export type PublicSignals = readonly [bigint, bigint, bigint, bigint];

/**
 * The public signals that a statement makes a claim about. Undefined when there are none: a circuit computes modulo r,
 * so for a nullifier of r or more the proof would hold as well, and be a second vote of the same credential.
 */
export function publicSignals(
	groupRoot: bigint,
	scope: Hash,
	{ nullifier, message }: Pick<ProofStatement, 'nullifier' | 'message'>
): PublicSignals | undefined {
	if (!isHash(nullifier) || !isFieldElement(nullifier) || !isHash(message)) return undefined;
	return [groupRoot, bigintOfHash(nullifier), hashToField(message), hashToField(scope)];
}
