import type { Hash, Nullifier } from '../bytes/hash';
import type { ProofDepth } from '../election/proofDepth';
import type { ArtifactKind } from './artifacts';
import type { MembershipPath } from './group';
import type { Outcome } from './outcome';
import type { CredentialKey, ProofContext, ProofStatement, SignatureStatement } from './port';

/** How a worker asks the page for an artifact. */
export type RequestArtifact = (depth: ProofDepth, kind: ArtifactKind) => Promise<Outcome<Uint8Array>>;

/** What a proofs worker does for the page. `open` comes first, once. */
export interface ProofsWorkerApi {
	open(context: ProofContext, requestArtifact: RequestArtifact): Promise<Outcome<void>>;
	verify(statements: readonly ProofStatement[]): Promise<Outcome<boolean[]>>;
	verifySignatures(statements: readonly SignatureStatement[]): Promise<Outcome<boolean[]>>;
	prepare(): Promise<Outcome<void>>;
	commitmentOf(key: CredentialKey): Promise<Outcome<Hash>>;
	nullifierOf(key: CredentialKey): Promise<Outcome<Nullifier>>;
	proveAt(path: MembershipPath, key: CredentialKey, message: Hash): Promise<Outcome<ProofStatement>>;
}
