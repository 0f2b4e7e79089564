import type { Hash, Nullifier } from '../bytes/hash';

/** What all proofs of one election have in common. */
export interface ProofContext {
	/** The election ID, used as the Semaphore scope. */
	readonly scope: Hash;
	/** Depth of the circuit: 10, 16 or 20. */
	readonly depth: number;
}

/** What one ballot claims: somebody in the group says `message`, and has this nullifier in this scope. */
export interface ProofStatement {
	/** Merkle root of the group. */
	readonly groupRoot: Hash;
	readonly nullifier: Nullifier;
	readonly message: Hash;
	/** Packed Groth16 proof, 256 bytes. */
	readonly proof: Uint8Array;
}

/** What one enrolment, opening or closing claims: the owner of `publicKey` says `message`. */
export interface SignatureStatement {
	/** Ed25519 public key, 64 hex digits. */
	readonly publicKey: string;
	readonly message: Uint8Array;
	/** 64 bytes. */
	readonly signature: Uint8Array;
}

export interface ProofVerifier {
	/**
	 * One verdict a statement, in order. Never rejects for a bad proof. Rejects with `worker-failed` when the verifier
	 * itself is broken: that is no verdict about anything; and with `aborted` when `signal` fires: what was not begun then
	 * is never done. Hundreds at a time keep all cores busy.
	 */
	verify(statements: readonly ProofStatement[], signal?: AbortSignal): Promise<boolean[]>;
	/** One verdict a signature, in order, strict (RFC 8032, not ZIP 215). Rejects like `verify`. */
	verifySignatures(statements: readonly SignatureStatement[], signal?: AbortSignal): Promise<boolean[]>;
	/** Merkle root of the group of these commitments in this order. Rejects with `worker-failed`. */
	groupRootOf(commitments: readonly Hash[]): Promise<Hash>;
}

/** A credential's private key: 32 bytes, from a voting code (`issued`) or from chance (`enrolment`). */
export type CredentialKey = Uint8Array;

/** How much of what proving needs is here, in bytes. */
export interface FetchProgress {
	readonly loaded: number;
	readonly total: number;
}

export interface Prover {
	/**
	 * Fetches and checks what proving needs (a few MB) and gets everything ready for a proof, ahead of time. Rejects
	 * artifact-unreachable / artifact-corrupt.
	 * @param onProgress told how much has come, also of what another call is fetching
	 */
	prepare(onProgress?: (progress: FetchProgress) => void): Promise<void>;
	/** The credential's identity commitment. */
	commitmentOf(key: CredentialKey): Promise<Hash>;
	/** The nullifier that this credential has in this election. */
	nullifierOf(key: CredentialKey): Promise<Nullifier>;
	/**
	 * Proves that the credential is in the group (commitments in group order) and says `message`. Rejects with `wrong-code`
	 * when it is not a member, with `aborted` when `signal` fires.
	 */
	prove(key: CredentialKey, group: readonly Hash[], message: Hash, signal?: AbortSignal): Promise<ProofStatement>;
}

/** Both sides of the proof system for one election. */
export interface Proofs extends ProofVerifier, Prover {
	/** Stops the workers. */
	close(): void;
}

export type OpenProofs = (context: ProofContext) => Proofs;

/** Makes the public keys of a roll, off the main thread. */
export interface RollKeys {
	/**
	 * One public value a code, in order: identity commitments (`issued`) or Ed25519 public keys (`enrolment`). Rejects with
	 * `aborted` when `signal` fires, worker-failed.
	 * @param codes normalised voting codes
	 * @param onProgress told how many are done, at least once every hundred
	 */
	make(
		eligibility: 'issued' | 'enrolment',
		codes: readonly string[],
		onProgress?: (done: number) => void,
		signal?: AbortSignal
	): Promise<Hash[]>;
}
