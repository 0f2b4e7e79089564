import type { Hash } from '../bytes/hash';
import type { ProofVerifier } from '../proofs/port';

/**
 * Roots of the groups that openings freeze. The rules ask for them in the middle of their work and cannot wait: so what they
 * ask for is noted, found out afterwards, and the rules are asked again.
 */
export class GroupRoots {
	readonly #roots = new Map<string, Hash>();
	#wanted: readonly Hash[] | undefined;

	/** Whether it is, or may be: then {@link settle} finds it out. */
	mayBeRootOf(groupRoot: Hash, commitments: readonly Hash[]): boolean {
		const root = this.#roots.get(keyOf(commitments));
		if (root === undefined) this.#wanted ??= commitments;
		return root === undefined || root === groupRoot;
	}

	/** Whether it is known to be. */
	isRootOf(groupRoot: Hash, commitments: readonly Hash[]): boolean {
		return this.#roots.get(keyOf(commitments)) === groupRoot;
	}

	/** Finds out what was not known. Resolves with whether there was anything. Rejects with worker-failed. */
	async settle(verifier: Pick<ProofVerifier, 'groupRootOf'>): Promise<boolean> {
		if (!this.#wanted) return false;
		const commitments = this.#wanted;
		this.#wanted = undefined;
		this.#roots.set(keyOf(commitments), await verifier.groupRootOf(commitments));
		return true;
	}
}

function keyOf(commitments: readonly Hash[]): string {
	return commitments.join();
}
