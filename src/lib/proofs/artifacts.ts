import type { ProofDepth } from '../election/proofDepth';

/** The circuit's witness generator, and its proving key. */
export type ArtifactKind = 'wasm' | 'zkey';

export const ARTIFACT_KINDS: readonly ArtifactKind[] = ['wasm', 'zkey'];

/** What proving at one depth needs. */
export type Artifacts = Readonly<Record<ArtifactKind, Uint8Array>>;

/**
 * Brings the bytes of an artifact.
 * Rejects with `artifact-unreachable` or `artifact-corrupt`.
 */
export type LoadArtifact = (depth: ProofDepth, kind: ArtifactKind) => Promise<Uint8Array>;

/** Where an artifact lies, from the place where the page lies. */
export function artifactPath(depth: ProofDepth, kind: ArtifactKind): string {
	return `artifacts/semaphore-${depth}.${kind}`;
}
