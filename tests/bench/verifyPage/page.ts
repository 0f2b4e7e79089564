import { PollenError } from '../../../src/lib/errors/pollenError';
import type { ProofContext, ProofStatement } from '../../../src/lib/proofs/port';
import { WorkerProofs, verifiersFor } from '../../../src/lib/proofs/workerProofs';

/** A statement as it can be handed to a page. */
export interface StatementJson extends Omit<ProofStatement, 'proof'> {
	readonly proof: readonly number[];
}

/** What the benchmark calls in its page. */
export interface VerifyPage {
	/** How many workers verify on this device. */
	readonly verifiers: number;
	/** Opens a pool of so many workers and has each verify something. The statements, repeated, are what is measured. */
	open(verifiers: number, context: ProofContext, statements: readonly StatementJson[]): Promise<void>;
	/** Ms that the pool takes for so many ballots. Rejects when a good one is refused. */
	measure(verifiers: number, ballots: number): Promise<number>;
	/** Ms that so many workers take to count, each as far. */
	measureSpin(workers: number): Promise<number>;
}

declare global {
	interface Window {
		verifyPage: VerifyPage;
	}
}

const pools = new Map<number, { proofs: WorkerProofs; statements: readonly ProofStatement[] }>();

function startWorker(): Worker {
	return new Worker(new URL('../../../src/lib/proofs/proofs.worker.ts', import.meta.url), { type: 'module' });
}

/** Nothing is proved here. */
const noArtifacts = () => Promise.reject(new PollenError('artifact-unreachable'));

async function open(verifiers: number, context: ProofContext, given: readonly StatementJson[]): Promise<void> {
	const statements = given.map((statement) => ({ ...statement, proof: Uint8Array.from(statement.proof) }));
	// No group is hashed here.
	const workers = { start: startWorker, startGroups: startWorker, verifiers };
	pools.set(verifiers, { proofs: new WorkerProofs(context, noArtifacts, workers), statements });
	// Twice: code that has run is compiled for speed.
	for (const ballots of [400, 400]) await measure(verifiers, ballots);
}

async function measure(verifiers: number, ballots: number): Promise<number> {
	const pool = pools.get(verifiers);
	if (!pool) throw new Error('this pool is not open');
	const { proofs, statements } = pool;
	const all = Array.from({ length: ballots }, (_, index) => statements[index % statements.length] as ProofStatement);
	const start = performance.now();
	const verdicts = await proofs.verify(all);
	const duration = performance.now() - start;
	if (verdicts.length !== ballots || verdicts.includes(false)) throw new Error('a good proof was refused');
	return duration;
}

const spinners: Worker[] = [];

async function measureSpin(workers: number): Promise<number> {
	while (spinners.length < workers) {
		spinners.push(new Worker(new URL('./spin.worker.ts', import.meta.url), { type: 'module' }));
	}
	const start = performance.now();
	await Promise.all(
		spinners.slice(0, workers).map((worker) => {
			const done = new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }));
			worker.postMessage('go');
			return done;
		})
	);
	return performance.now() - start;
}

window.verifyPage = { verifiers: verifiersFor(navigator.hardwareConcurrency), open, measure, measureSpin };
