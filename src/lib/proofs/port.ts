import type { Hash, Nullifier } from '../bytes/hash';

/** What a ballot's proof must be about; fixed for one election once its group is frozen. */
export interface ProofContext {
	/** The election ID, used as the Semaphore scope. */
	readonly scope: Hash;
	/** Identity commitments in group order. */
	readonly commitments: readonly Hash[];
	/** Depth of the circuit: 10, 16 or 20. */
	readonly depth: number;
}

/** What one ballot claims: somebody in the group says `message`, and has this nullifier in this scope. */
export interface ProofStatement {
	readonly nullifier: Nullifier;
	readonly message: Hash;
	/** Packed Groth16 proof, 256 bytes. */
	readonly proof: Uint8Array;
}

export interface ProofVerifier {
	/**
	 * One verdict a statement, in order. Never rejects for a bad proof. Rejects with `worker-failed` when the verifier
	 * itself is broken: that is no verdict about anything.
	 */
	verify(statements: readonly ProofStatement[]): Promise<boolean[]>;
}

export interface Prover {
	/** Fetches and checks what proving needs (a few MB), ahead of time. Rejects artifact-unreachable / artifact-corrupt. */
	prepare(): Promise<void>;
	/** The identity commitment of the credential that a voting code stands for. */
	commitmentOf(code: string): Promise<Hash>;
	/** The nullifier that this credential has in this election. */
	nullifierOf(code: string): Promise<Nullifier>;
	/**
	 * Proves that the credential of `code` is in the group and says `message`. Rejects with `wrong-code` when it is not
	 * a member, with `aborted` when `signal` fires.
	 */
	prove(code: string, message: Hash, signal?: AbortSignal): Promise<ProofStatement>;
}

/** Both sides of the proof system for one election. */
export interface Proofs extends ProofVerifier, Prover {
	/** Stops the workers. */
	close(): void;
}

export type OpenProofs = (context: ProofContext) => Proofs;
