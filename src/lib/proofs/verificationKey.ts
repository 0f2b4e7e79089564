import key10 from '@zk-kit/semaphore-artifacts/semaphore-10.json';
import key16 from '@zk-kit/semaphore-artifacts/semaphore-16.json';
import key20 from '@zk-kit/semaphore-artifacts/semaphore-20.json';
import type { ProofDepth } from '../election/proofDepth';

/** What snarkjs exports for verifiers; decimal coordinates, projective with a last one of 1. */
export interface VerificationKey {
	readonly vk_alpha_1: readonly string[];
	readonly vk_beta_2: readonly (readonly string[])[];
	readonly vk_gamma_2: readonly (readonly string[])[];
	readonly vk_delta_2: readonly (readonly string[])[];
	/** One point for the constant, then one a public signal. */
	readonly IC: readonly (readonly string[])[];
}

/**
 * The keys of the circuits that Pollen uses. They are of 4.13.0, whose circuits are the first that do not let
 * non-members prove membership, and are part of consensus: they are built in, not fetched.
 */
export const VERIFICATION_KEYS: Readonly<Record<ProofDepth, VerificationKey>> = { 10: key10, 16: key16, 20: key20 };
