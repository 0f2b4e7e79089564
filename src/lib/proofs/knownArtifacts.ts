import type { Hash } from '../bytes/hash';
import type { ProofDepth } from '../election/proofDepth';
import type { ArtifactKind } from './artifacts';

/** What an artifact is, whoever brings it. */
export interface KnownArtifact {
	readonly sha256: Hash;
	readonly byteLength: number;
}

/**
 * The artifacts in @zk-kit/semaphore-artifacts 4.13.0. Whoever serves the page could as well change these, but a damaged
 * or outdated copy shows before it makes proofs that nobody accepts, and how much there is to fetch is known beforehand,
 * whether or not it travels compressed.
 */
export const KNOWN_ARTIFACTS = {
	10: {
		wasm: { sha256: '1e9e1e3ad9917164bc96c751e32fae724400b92063f5a2cfd22ca64674bf4f96', byteLength: 1_815_560 },
		zkey: { sha256: 'f644af6753be9d48454d8f9bb74bf2e9a416dd7d1a704c3cf1d50e535969a19a', byteLength: 2_422_238 }
	},
	16: {
		wasm: { sha256: '06df31461d17db86897fc234f0e6e5f5e2f6add1b8c821b5c6ae75030b3e0d7c', byteLength: 1_843_806 },
		zkey: { sha256: '948763c7315a337b7722c0344a28af4be66fbbc618474d6dbe9036e799d1a3b5', byteLength: 3_408_199 }
	},
	20: {
		wasm: { sha256: '6f71e55586929e520e76027ebe067daac8b41e2f4b8057313a5fd0304e1e44ee', byteLength: 1_847_949 },
		zkey: { sha256: '33f9a067a80c7daf90e085449073613a9559a1904dd40aeb6d603afb7988c2cc', byteLength: 3_890_175 }
	}
} as Readonly<Record<ProofDepth, Readonly<Record<ArtifactKind, KnownArtifact>>>>;
