import { verifyProof } from '@semaphore-protocol/proof';
import { BatchVerifier } from '../../src/lib/proofs/batchVerify';
import type { ProofToCheck } from '../../src/lib/proofs/batchEquation';
import { useSingleThread } from '../../src/lib/proofs/prove';
import { publicSignals } from '../../src/lib/proofs/signals';
import { PROOF_VECTOR, VECTOR_STATEMENTS, semaphoreProofOf } from '../../src/lib/proofs/testing/proofVector';
import type { BenchRow } from './row';

const BALLOTS = 64;
/** Rounds of ours and theirs alternate and the best of each counts: what else the machine does only makes it slower. */
const ROUNDS = 7;

/**
 * Verifying ballots as a tab does, in batches, against `verifyProof` of @semaphore-protocol/proof on the same ballots, both
 * on one thread, as the page's policy makes them. The ballots are the eight real proofs of the golden vector, repeated:
 * nothing in a batch depends on whether proofs differ, since each gets its own random coefficient and is read, checked
 * and taken through the Miller loop by itself.
 */
export async function benchVerify(): Promise<BenchRow[]> {
	await useSingleThread();
	const verifier = await BatchVerifier.open(10);
	const rows: BenchRow[] = [];
	for (const ballots of [BALLOTS, 1]) rows.push(await compare(verifier, ballots));
	return rows;
}

async function compare(verifier: BatchVerifier, ballots: number): Promise<BenchRow> {
	const statements = Array.from({ length: ballots }, (_, index) => VECTOR_STATEMENTS[index % VECTOR_STATEMENTS.length]);
	const checks: ProofToCheck[] = [];
	const proofs: ReturnType<typeof semaphoreProofOf>[] = [];
	for (const statement of statements) {
		const signals = statement && publicSignals(PROOF_VECTOR.scope, statement);
		if (!signals) throw new Error('the vector holds a statement that claims nothing');
		checks.push({ signals, proof: statement.proof });
		proofs.push(semaphoreProofOf(statement));
	}

	let ours = Infinity;
	let theirs = Infinity;
	for (let round = 0; round < ROUNDS; round++) {
		ours = Math.min(ours, await timed(async () => verifier.verify(checks)));
		theirs = Math.min(theirs, await timed(() => verifyAll(proofs)));
	}
	return {
		name: `verifying ${ballots} ballot${ballots === 1 ? '' : 's'}, each, against verifyProof`,
		ours: ours / ballots,
		theirs: theirs / ballots,
		ratio: theirs / ours,
		unit: 'ms'
	};
}

async function verifyAll(proofs: readonly ReturnType<typeof semaphoreProofOf>[]): Promise<boolean[]> {
	const verdicts: boolean[] = [];
	for (const proof of proofs) verdicts.push(await verifyProof(proof));
	return verdicts;
}

/** Milliseconds that verifying took. Whatever finds a proof bad is not measured but stopped. */
async function timed(verify: () => Promise<boolean[]>): Promise<number> {
	const start = performance.now();
	const verdicts = await verify();
	const duration = performance.now() - start;
	if (verdicts.includes(false)) throw new Error('a good proof was refused');
	return duration;
}
