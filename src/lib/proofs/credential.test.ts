import { Identity } from '@semaphore-protocol/identity';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../bytes/testing/refusalOf';
import { credentialOf, nullifierIn } from './credential';
import { bigintOfHash } from './fieldElement';
import { PROOF_VECTOR, VECTOR_KEYS } from './testing/proofVector';

const anyKey = () => fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('credentialOf', () => {
	it('is the Semaphore identity of the key', () => {
		fc.assert(
			fc.property(anyKey(), (key) => {
				const identity = new Identity(key);
				const { commitment, secretScalar } = credentialOf(key);
				expect(commitment).toMatch(/^[0-9a-f]{64}$/);
				expect(bigintOfHash(commitment)).toBe(identity.commitment);
				expect(secretScalar).toBe(identity.secretScalar);
			}),
			{ numRuns: 50, examples: [[new Uint8Array(32)], [new Uint8Array(32).fill(255)]] }
		);
	});

	it('gives the commitments of the vector', () => {
		const commitments = VECTOR_KEYS.map((key) => credentialOf(key).commitment);
		expect(commitments).toEqual(PROOF_VECTOR.commitments.slice(0, VECTOR_KEYS.length));
	});

	it('leaves the key as it is', () => {
		const key = new Uint8Array(32).fill(7);
		credentialOf(key);
		expect(key).toEqual(new Uint8Array(32).fill(7));
	});

	it.each([0, 31, 33, 64])('refuses a key of %i bytes', (length) => {
		expect(refusalOf(() => credentialOf(new Uint8Array(length)))).toBe('bad-encoding');
	});
});

describe('nullifierIn', () => {
	it('is what the circuit put out', () => {
		const nullifiers = VECTOR_KEYS.map((key) => nullifierIn(PROOF_VECTOR.scope, credentialOf(key)));
		expect(nullifiers).toEqual(PROOF_VECTOR.proofs.map(({ nullifier }) => nullifier));
	});
});
