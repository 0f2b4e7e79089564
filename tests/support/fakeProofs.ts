import { concatBytes } from '../../src/lib/bytes/compare';
import { hashFromBytes, hashToBytes } from '../../src/lib/bytes/hex';
import { sha256 } from '../../src/lib/bytes/sha256';
import { utf8 } from '../../src/lib/bytes/text';
import { PROOF_LENGTH } from '../../src/lib/election/transaction';
import type { Hash, Nullifier } from '../../src/lib/bytes/hash';
import { PollenError } from '../../src/lib/errors/pollenError';
import type { OpenProofs, ProofContext, ProofStatement } from '../../src/lib/proofs/port';

/** Under the BN254 scalar field's modulus, as the formats demand of commitments and nullifiers. */
function fieldHash(...parts: Uint8Array[]): Hash {
	const digest = sha256(...parts);
	digest[0] = 0;
	return hashFromBytes(digest);
}

export function fakeCommitment(code: string): Hash {
	return fieldHash(utf8('commitment'), utf8(code));
}

function fakeNullifier(scope: Hash, code: string): Nullifier {
	return fieldHash(utf8('nullifier'), hashToBytes(scope), utf8(code));
}

/** Depends on all that a real proof is about, so that a proof for anything else is refused. It hides nothing. */
function fakeProof(context: ProofContext, nullifier: Nullifier, message: Hash): Uint8Array {
	const digest = sha256(
		utf8('proof'),
		hashToBytes(context.scope),
		...context.commitments.map(hashToBytes),
		hashToBytes(nullifier),
		hashToBytes(message)
	);
	const copies = Array.from({ length: PROOF_LENGTH / digest.length }, () => digest);
	return concatBytes(...copies);
}

export interface FakeProofStatistics {
	proved: number;
	verified: number;
	batches: number;
}

/** Stands in for Semaphore where a test is about the node: instant, deterministic, and as strict as the real one. */
export function fakeProofs(statistics: FakeProofStatistics = { proved: 0, verified: 0, batches: 0 }): OpenProofs {
	return (context) => ({
		prepare: () => Promise.resolve(),
		commitmentOf: (code) => Promise.resolve(fakeCommitment(code)),
		nullifierOf: (code) => Promise.resolve(fakeNullifier(context.scope, code)),
		prove(code, message) {
			if (!context.commitments.includes(fakeCommitment(code))) return Promise.reject(new PollenError('wrong-code'));
			statistics.proved += 1;
			const nullifier = fakeNullifier(context.scope, code);
			const statement: ProofStatement = { nullifier, message, proof: fakeProof(context, nullifier, message) };
			return Promise.resolve(statement);
		},
		verify(statements) {
			statistics.batches += 1;
			statistics.verified += statements.length;
			const verdicts = statements.map(({ nullifier, message, proof }) => {
				const expected = fakeProof(context, nullifier, message);
				return proof.length === expected.length && proof.every((byte, index) => byte === expected[index]);
			});
			return Promise.resolve(verdicts);
		},
		close: () => undefined
	});
}
