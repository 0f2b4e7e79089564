import { Identity } from '@semaphore-protocol/identity';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { credentialOf, nullifierIn } from './credential';
import { PROOF_VECTOR } from './testing/proofVector';

const [FIRST] = PROOF_VECTOR.proofs;
if (!FIRST) throw new Error('the vector has no proofs');

describe('credentialOf', () => {
	it('is the Semaphore identity of the hashed code', () => {
		const digest = createHash('sha256').update(`pollen/credential/v1${FIRST.code}`, 'utf8').digest();
		const identity = new Identity(digest);
		const credential = credentialOf(FIRST.code);
		expect(BigInt(`0x${credential.commitment}`)).toBe(identity.commitment);
		expect(credential.secretScalar).toBe(identity.secretScalar);
	});

	it('gives the commitments of the vector, in 64 digits', () => {
		const commitments = PROOF_VECTOR.proofs.map(({ code }) => credentialOf(code).commitment);
		expect(commitments).toEqual(PROOF_VECTOR.commitments.slice(0, PROOF_VECTOR.proofs.length));
	});

	it('does not care how a code is typed', () => {
		const typed = ` ${FIRST.code.toLowerCase().replace(/(.{4})/g, '$1-')} `;
		expect(credentialOf(typed)).toEqual(credentialOf(FIRST.code));
	});
});

describe('nullifierIn', () => {
	it('is what the circuit put out', () => {
		for (const { code, nullifier } of PROOF_VECTOR.proofs.slice(0, 3)) {
			expect(nullifierIn(PROOF_VECTOR.scope, credentialOf(code))).toBe(nullifier);
		}
	});
});
