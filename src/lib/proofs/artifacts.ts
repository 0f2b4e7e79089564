import { PROOF_DEPTHS, type ProofDepth } from '../election/proofDepth';
import { PollenError } from '../errors/pollenError';
import { KNOWN_ARTIFACTS } from './knownArtifacts';
import type { FetchProgress } from './port';

/** The circuit's witness generator, and its proving key. */
export type ArtifactKind = 'wasm' | 'zkey';

export const ARTIFACT_KINDS: readonly ArtifactKind[] = ['wasm', 'zkey'];

/** What proving at one depth needs. */
export type Artifacts = Readonly<Record<ArtifactKind, Uint8Array>>;

/**
 * Brings the bytes of an artifact.
 * Rejects with `artifact-unreachable` or `artifact-corrupt`.
 * @param onBytes told how many bytes are here, as they come; none at first, unless all are here already
 */
export type LoadArtifact = (
	depth: ProofDepth,
	kind: ArtifactKind,
	onBytes?: (loaded: number) => void
) => Promise<Uint8Array>;

/** Where an artifact lies, from the place where the page lies. */
export function artifactPath(depth: ProofDepth, kind: ArtifactKind): string {
	return `artifacts/semaphore-${depth}.${kind}`;
}

/** @throws PollenError bad-definition */
export function requireDepth(depth: number): ProofDepth {
	const known = PROOF_DEPTHS.find((candidate) => candidate === depth);
	if (known === undefined) throw new PollenError('bad-definition', `there is no circuit of depth ${depth}`);
	return known;
}

/** Loads both artifacts at once. Rejects like {@link LoadArtifact}. */
export async function loadArtifacts(
	load: LoadArtifact,
	depth: ProofDepth,
	onProgress?: (progress: FetchProgress) => void
): Promise<Artifacts> {
	const loaded = { wasm: 0, zkey: 0 };
	const known = KNOWN_ARTIFACTS[depth];
	const total = known.wasm.byteLength + known.zkey.byteLength;
	const loadOne = async (kind: ArtifactKind): Promise<Uint8Array> => {
		const note = (bytes: number): void => {
			loaded[kind] = bytes;
			onProgress?.({ loaded: loaded.wasm + loaded.zkey, total });
		};
		const bytes = await load(depth, kind, note);
		note(bytes.length);
		return bytes;
	};
	const [wasm, zkey] = await Promise.all([loadOne('wasm'), loadOne('zkey')]);
	return { wasm, zkey };
}
