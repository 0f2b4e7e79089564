import type { ElectionId, Hash } from '../../src/lib/bytes/hash';
import { ballotMessage } from '../../src/lib/election/ballotMessage';
import { credentialKeyOf } from '../../src/lib/election/codeKeys';
import type { Ballot } from '../../src/lib/election/transaction';
import { credentialOf, nullifierIn } from '../../src/lib/proofs/credential';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import { publicSignals, type PublicSignals } from '../../src/lib/proofs/signals';
import { G1, G2, R, packPoints, type PointG1, type PointG2 } from '../../src/lib/proofs/testing/points';
import type { VerificationKey } from '../../src/lib/proofs/verificationKey';
import type { BenchElection } from './benchElection';
import { showProgress } from './showProgress';

/**
 * A verification key of which, unlike of the real ones, the trapdoor is known: the secret scalars behind its points. Whoever
 * knows them can satisfy the equation for any statement with three multiplications (the simulator of Groth, ePrint 2016/260),
 * where a real proof takes a second or two. So a benchmark can have ten thousand ballots in seconds. To verify them is the
 * same work to the last step: points of the same curves, found by the same kind of chance, in the same equation. γ is what it
 * is in the real keys too.
 */
const [ALPHA, BETA, GAMMA, DELTA] = [1_000_003n, 2_000_003n, 1n, 4_000_037n];
/** Of the constant and of each public signal. */
const IC = [5n, 7n, 11n, 13n, 17n].map((factor) => factor ** 80n % R);

const { Fn } = G1.Point;

const simulated = new Map<ElectionId, Promise<Ballot[]>>();

/** In the form in which snarkjs exports keys. */
export function keyOfKnownTrapdoor(): VerificationKey {
	return {
		vk_alpha_1: g1Text(G1.Point.BASE.multiply(ALPHA)),
		vk_beta_2: g2Text(G2.Point.BASE.multiply(BETA)),
		vk_gamma_2: g2Text(G2.Point.BASE.multiply(GAMMA)),
		vk_delta_2: g2Text(G2.Point.BASE.multiply(DELTA)),
		IC: IC.map((factor) => g1Text(G1.Point.BASE.multiply(factor)))
	};
}

/**
 * A ballot of every voter of a bench election, in the order of the roll, that holds under {@link keyOfKnownTrapdoor}: with
 * the voter's own nullifier, and about the group of the roll. They are made once a run.
 */
export function simulatedBallots(election: BenchElection): Promise<Ballot[]> {
	const known = simulated.get(election.electionId);
	if (known) return known;
	const made = simulateAll(election);
	simulated.set(election.electionId, made);
	return made;
}

async function simulateAll({ election, electionId, codes, group }: BenchElection): Promise<Ballot[]> {
	const proofs = inlineProofs(nodeArtifacts)({ scope: electionId, depth: election.proofDepth });
	const groupRoot = await proofs.groupRootOf(group);
	const simulate = simulator();
	return codes.map((code, voter) => {
		const choices = [voter % 3];
		const nullifier = nullifierIn(electionId, credentialOf(credentialKeyOf(code)));
		const statement = { groupRoot, nullifier, message: ballotMessage(electionId, choices) };
		if ((voter + 1) % 500 === 0) showProgress(voter + 1, codes.length, 'ballots simulated');
		return { kind: 'ballot', nullifier, choices, proof: simulate(signalsOf(electionId, statement)) };
	});
}

function signalsOf(scope: Hash, statement: Parameters<typeof publicSignals>[1]): PublicSignals {
	const signals = publicSignals(scope, statement);
	if (!signals) throw new Error('a bench ballot claims nothing');
	return signals;
}

/** Each proof has other points: A and B go on by a step, which is as good as chance here, and C follows from the equation. */
function simulator(): (signals: PublicSignals) => Uint8Array {
	const [stepA, stepB] = [3n ** 90n % R, 5n ** 100n % R];
	const [stepPointA, stepPointB] = [G1.Point.BASE.multiply(stepA), G2.Point.BASE.multiply(stepB)];
	let [a, b] = [stepA, stepB];
	let [pointA, pointB]: [PointG1, PointG2] = [stepPointA, stepPointB];
	return (signals) => {
		[a, b] = [Fn.add(a, stepA), Fn.add(b, stepB)];
		[pointA, pointB] = [pointA.add(stepPointA), pointB.add(stepPointB)];
		const ic = [1n, ...signals].reduce((sum, signal, index) => Fn.add(sum, Fn.mul(signal, IC[index]!)), 0n);
		// a·b = α·β + γ·ic + δ·c
		const rest = Fn.sub(Fn.sub(Fn.mul(a, b), Fn.mul(ALPHA, BETA)), Fn.mul(GAMMA, ic));
		return packPoints({ a: pointA, b: pointB, c: G1.Point.BASE.multiply(Fn.div(rest, DELTA)) });
	};
}

function g1Text(point: PointG1): string[] {
	const { x, y } = point.toAffine();
	return [x, y, 1n].map(String);
}

function g2Text(point: PointG2): string[][] {
	const { x, y } = point.toAffine();
	return [[x.c0, x.c1].map(String), [y.c0, y.c1].map(String), ['1', '0']];
}
