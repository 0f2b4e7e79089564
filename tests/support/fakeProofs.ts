import { bytesEqual, concatBytes } from '../../src/lib/bytes/compare';
import { isHash, type Hash, type Nullifier } from '../../src/lib/bytes/hash';
import { bytesToHex, hashFromBytes, hashToBytes } from '../../src/lib/bytes/hex';
import { sha256 } from '../../src/lib/bytes/sha256';
import { utf8 } from '../../src/lib/bytes/text';
import { credentialKeyOf, enrolmentKeyOf } from '../../src/lib/election/codeKeys';
import { isFieldElement } from '../../src/lib/election/field';
import { publicKeyOf, signatureHolds } from '../../src/lib/election/signing';
import { PROOF_LENGTH } from '../../src/lib/election/transaction';
import { PollenError } from '../../src/lib/errors/pollenError';
import type {
	CredentialKey,
	OpenProofs,
	ProofContext,
	ProofStatement,
	RollKeys,
	SignatureStatement
} from '../../src/lib/proofs/port';

/** Under the BN254 scalar field's modulus, as the formats demand of commitments, nullifiers and roots. */
function fieldHash(...parts: Uint8Array[]): Hash {
	const digest = sha256(...parts);
	digest[0] = 0;
	return hashFromBytes(digest);
}

export function fakeCommitment(key: CredentialKey): Hash {
	return fieldHash(utf8('commitment'), key);
}

export function fakeNullifier(scope: Hash, key: CredentialKey): Nullifier {
	return fieldHash(utf8('nullifier'), hashToBytes(scope), key);
}

/** Of groups that were asked for: a vote asks for the root of the whole roll. */
const groupRoots = new WeakMap<readonly Hash[], Hash>();

export function fakeGroupRoot(commitments: readonly Hash[]): Hash {
	const known = groupRoots.get(commitments);
	if (known !== undefined) return known;
	const root = fieldHash(utf8('group'), utf8(commitments.join()));
	groupRoots.set(commitments, root);
	return root;
}

/**
 * What the fake prover says for the credential of this key, in a group with this root. Nobody checks whether it is in the
 * group: for that there is `prove`.
 */
export function fakeStatement(
	context: ProofContext,
	key: CredentialKey,
	groupRoot: Hash,
	message: Hash
): ProofStatement {
	const claim = { groupRoot, nullifier: fakeNullifier(context.scope, key), message };
	return { ...claim, proof: fakeProof(context, claim) };
}

/** Depends on all that a real proof is about, so that a proof for anything else is refused. It hides nothing. */
function fakeProof({ scope, depth }: ProofContext, claim: Omit<ProofStatement, 'proof'>): Uint8Array<ArrayBuffer> {
	const { groupRoot, nullifier, message } = claim;
	const digest = sha256(
		utf8('proof'),
		Uint8Array.of(depth),
		...[scope, groupRoot, nullifier, message].map((hash) => hashToBytes(hash))
	);
	return concatBytes(...Array.from({ length: PROOF_LENGTH / digest.length }, () => digest));
}

function fakeVerdict(context: ProofContext, { proof, ...claim }: ProofStatement): boolean {
	const { groupRoot, nullifier, message } = claim;
	if (![groupRoot, nullifier].every((element) => isHash(element) && isFieldElement(element))) return false;
	return isHash(message) && bytesEqual(proof, fakeProof(context, claim));
}

/** Of the signatures that some node asked about: each of its neighbours asks about the same. */
const signatureVerdicts = new Map<string, boolean>();

function signatureVerdict({ publicKey, message, signature }: SignatureStatement): boolean {
	const asked = [publicKey, bytesToHex(message), bytesToHex(signature)].join();
	const verdict = signatureVerdicts.get(asked) ?? signatureHolds(publicKey, message, signature);
	signatureVerdicts.set(asked, verdict);
	return verdict;
}

/** How much was asked of fake proofs. */
export interface FakeProofStatistics {
	proved: number;
	/** Proofs. */
	verified: number;
	/** Calls that verified proofs. */
	batches: number;
	signatures: number;
	/** Groups whose root was asked for. */
	groups: number;
}

export function noStatistics(): FakeProofStatistics {
	return { proved: 0, verified: 0, batches: 0, signatures: 0, groups: 0 };
}

/**
 * Stands in for Semaphore where a test is about the node: instant, deterministic, and as strict as the real one.
 * Signatures are real.
 */
export function fakeProofs(statistics: FakeProofStatistics = noStatistics()): OpenProofs {
	return (context) => ({
		prepare: () => Promise.resolve(),
		commitmentOf: (key) => Promise.resolve(fakeCommitment(key)),
		nullifierOf: (key) => Promise.resolve(fakeNullifier(context.scope, key)),
		prove(key, group, message, signal) {
			if (signal?.aborted) return Promise.reject(new PollenError('aborted'));
			if (!group.includes(fakeCommitment(key))) return Promise.reject(new PollenError('wrong-code'));
			statistics.proved += 1;
			return Promise.resolve(fakeStatement(context, key, fakeGroupRoot(group), message));
		},
		verify(statements) {
			statistics.batches += 1;
			statistics.verified += statements.length;
			return Promise.resolve(statements.map((statement) => fakeVerdict(context, statement)));
		},
		verifySignatures(statements) {
			statistics.signatures += statements.length;
			return Promise.resolve(statements.map(signatureVerdict));
		},
		groupRootOf(commitments) {
			statistics.groups += 1;
			return Promise.resolve(fakeGroupRoot(commitments));
		},
		close: () => undefined
	});
}

/** What a roll says of the voter with this code, where proofs are fake. */
export function fakeRollKey(eligibility: 'issued' | 'enrolment', code: string): Hash {
	if (eligibility === 'issued') return fakeCommitment(credentialKeyOf(code));
	return publicKeyOf(enrolmentKeyOf(code)) as Hash;
}

/** Makes rolls for elections whose proofs are fake, at once. */
export function fakeRollKeys(): RollKeys {
	return {
		make(eligibility, codes, onProgress, signal) {
			if (signal?.aborted) return Promise.reject(new PollenError('aborted'));
			const keys = codes.map((code) => fakeRollKey(eligibility, code));
			onProgress?.(keys.length);
			return Promise.resolve(keys);
		}
	};
}
