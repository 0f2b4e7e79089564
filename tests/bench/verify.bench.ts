import { verifyProof } from '@semaphore-protocol/proof';
import { BatchVerifier } from '../../src/lib/proofs/batchVerify';
import type { ProofToCheck } from '../../src/lib/proofs/batchEquation';
import type { ProofStatement } from '../../src/lib/proofs/port';
import { useSingleThread } from '../../src/lib/proofs/prove';
import { publicSignals } from '../../src/lib/proofs/signals';
import { COFACTOR, R, packPoints, timesAny, twistPoint, unpackPoints } from '../../src/lib/proofs/testing/points';
import { PROOF_VECTOR, VECTOR_STATEMENTS, semaphoreProofOf } from '../../src/lib/proofs/testing/proofVector';
import { VERIFICATION_KEYS } from '../../src/lib/proofs/verificationKey';
import { FfBatch } from './ffBatch';
import { MclBatch } from './mclBatch';
import type { BenchRow } from './row';

const BALLOTS = 64;
/** Rounds of ours and theirs alternate and the best of each counts: what else the machine does only makes it slower. */
const ROUNDS = { quick: 2, whole: 7 };

/** Whether all ballots hold. */
type Verify = (statements: readonly ProofStatement[]) => boolean | Promise<boolean>;

/**
 * Verifying ballots as a tab does, in batches, on one thread, as the page's policy makes all of them: against `verifyProof` of
 * @semaphore-protocol/proof, and against the same batch, every check included, with other libraries. The ballots are the eight
 * real proofs of the golden vector, repeated: nothing in a batch depends on whether proofs differ, since each gets its own
 * random coefficient and is read, checked and taken through the Miller loop by itself.
 */
export async function benchVerify(isQuick: boolean): Promise<BenchRow[]> {
	const rounds = isQuick ? ROUNDS.quick : ROUNDS.whole;
	await useSingleThread();
	const verifier = await BatchVerifier.open(10);
	const ours: Verify = (statements) => !verifier.verify(statements.map(checkOf)).includes(false);
	const [mcl, ff] = [await MclBatch.open(VERIFICATION_KEYS[10]), await FfBatch.open(VERIFICATION_KEYS[10])];
	const withMcl: Verify = (statements) => mcl.holds(statements.map(checkOf));
	const withFf: Verify = (statements) => ff.holds(statements.map(checkOf));
	for (const verify of [ours, withMcl, withFf]) await requireStrict(verify);
	return [
		await compare(rounds, `verifying ${BALLOTS} ballots, each, against verifyProof`, BALLOTS, ours, verifyEach),
		await compare(rounds, 'verifying 1 ballot, each, against verifyProof', 1, ours, verifyEach),
		await compare(rounds, `the same batch of ${BALLOTS}, each, against mcl-wasm`, BALLOTS, ours, withMcl),
		await compare(
			rounds,
			`the same batch of ${BALLOTS}, each, against ffjavascript's own methods`,
			BALLOTS,
			ours,
			withFf
		)
	];
}

async function compare(
	rounds: number,
	name: string,
	ballots: number,
	verifyOurs: Verify,
	verifyTheirs: Verify
): Promise<BenchRow> {
	const statements = ballotsOf(ballots);
	let ours = Infinity;
	let theirs = Infinity;
	for (let round = 0; round < rounds; round++) {
		ours = Math.min(ours, await timed(verifyOurs, statements));
		theirs = Math.min(theirs, await timed(verifyTheirs, statements));
	}
	return { name, ours: ours / ballots, theirs: theirs / ballots, ratio: theirs / ours, unit: 'ms' };
}

function ballotsOf(count: number): ProofStatement[] {
	return Array.from({ length: count }, (_, index) => VECTOR_STATEMENTS[index % VECTOR_STATEMENTS.length]!);
}

const verifyEach: Verify = async (statements) => {
	for (const statement of statements) if (!(await verifyProof(semaphoreProofOf(statement)))) return false;
	return true;
};

function checkOf(statement: ProofStatement): ProofToCheck {
	const signals = publicSignals(PROOF_VECTOR.scope, statement);
	if (!signals) throw new Error('the vector holds a statement that claims nothing');
	return { signals, proof: statement.proof };
}

/** Milliseconds that verifying took. Whatever finds a proof bad is not measured but stopped. */
async function timed(verify: Verify, statements: readonly ProofStatement[]): Promise<number> {
	const start = performance.now();
	const holds = await verify(statements);
	const duration = performance.now() - start;
	if (!holds) throw new Error('a good proof was refused');
	return duration;
}

/** A batch that leaves checks out is faster, and no comparison: it must refuse another's proof, and a B outside of G2. */
async function requireStrict(verify: Verify): Promise<void> {
	const good = ballotsOf(4);
	const [first, second] = good as [ProofStatement, ProofStatement];
	const points = unpackPoints(first.proof);
	const outside = points.b.add(timesAny(twistPoint(1n), (COFACTOR * R) / 10069n));
	for (const proof of [second.proof, packPoints({ ...points, b: outside })]) {
		if (await verify(good.with(0, { ...first, proof }))) throw new Error('a bad proof was accepted');
	}
}
