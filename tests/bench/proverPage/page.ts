import type { Hash } from '../../../src/lib/bytes/hash';
import type { ProofContext, Proofs } from '../../../src/lib/proofs/port';
import { workerProofs } from '../../../src/lib/proofs/workerProofs';

/** What the benchmark calls in its page. */
export interface ProverPage {
	/** How long (ms) it takes until a proof can begin, artifacts and all. */
	prepare(context: ProofContext): Promise<number>;
	/** How long (ms) a proof takes from then on. */
	prove(key: readonly number[], group: readonly Hash[], message: Hash): Promise<number>;
}

declare global {
	interface Window {
		proverPage: ProverPage;
	}
}

let proofs: Proofs | undefined;

async function prepare(context: ProofContext): Promise<number> {
	const startMs = performance.now();
	proofs = workerProofs(new URL('./', location.href).href)(context);
	await proofs.prepare();
	return performance.now() - startMs;
}

async function prove(key: readonly number[], group: readonly Hash[], message: Hash): Promise<number> {
	if (!proofs) throw new Error('not prepared');
	const startMs = performance.now();
	await proofs.prove(Uint8Array.from(key), group, message);
	return performance.now() - startMs;
}

window.proverPage = { prepare, prove };
