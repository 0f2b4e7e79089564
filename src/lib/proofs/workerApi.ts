import type { Hash, Nullifier } from '../bytes/hash';
import type { ProofDepth } from '../election/proofDepth';
import type { ArtifactKind } from './artifacts';
import type { Outcome } from './outcome';
import type { CredentialKey, ProofContext, ProofStatement, SignatureStatement } from './port';

/** How a worker asks the page for an artifact. */
export type RequestArtifact = (depth: ProofDepth, kind: ArtifactKind) => Promise<Outcome<Uint8Array>>;

/**
 * What a proofs worker does for the page. `open` comes first, once. A group comes with each call that is about one: to
 * clone 65,536 commitments takes the page half as long as to hash them, so as to tell whether the worker knows them.
 */
export interface ProofsWorkerApi {
	open(context: ProofContext, requestArtifact: RequestArtifact): Promise<Outcome<void>>;
	verify(statements: readonly ProofStatement[]): Promise<Outcome<boolean[]>>;
	verifySignatures(statements: readonly SignatureStatement[]): Promise<Outcome<boolean[]>>;
	groupRootOf(commitments: readonly Hash[]): Promise<Outcome<Hash>>;
	prepare(): Promise<Outcome<void>>;
	commitmentOf(key: CredentialKey): Promise<Outcome<Hash>>;
	nullifierOf(key: CredentialKey): Promise<Outcome<Nullifier>>;
	prove(key: CredentialKey, group: readonly Hash[], message: Hash): Promise<Outcome<ProofStatement>>;
}
