import type { Hash } from '../bytes/hash';
import { isHash } from '../bytes/hash';
import { isFieldElement } from '../election/field';
import { bigintOfHash, hashToField } from './fieldElement';
import type { ProofStatement } from './port';

/** In the circuit's order: group root, nullifier, hash of the message, hash of the scope. */
export type PublicSignals = readonly [bigint, bigint, bigint, bigint];

/**
 * The public signals that a statement makes a claim about. Undefined when there are none: a circuit computes modulo r,
 * so for a nullifier of r or more the proof would hold as well, and be a second vote of the same credential. Likewise a
 * root of r or more would be another spelling of the group's.
 */
export function publicSignals(
	scope: Hash,
	{ groupRoot, nullifier, message }: Omit<ProofStatement, 'proof'>
): PublicSignals | undefined {
	if (!isElement(groupRoot) || !isElement(nullifier) || !isHash(message)) return undefined;
	return [bigintOfHash(groupRoot), bigintOfHash(nullifier), hashToField(message), hashToField(scope)];
}

/** What comes from outside may be no hash at all. */
function isElement(value: Hash): boolean {
	return isHash(value) && isFieldElement(value);
}
