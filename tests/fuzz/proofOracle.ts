import { verifyProof } from '@semaphore-protocol/proof';
import { bytesToHex } from '../../src/lib/bytes/hex';
import { bigintOfHash } from '../../src/lib/proofs/fieldElement';
import type { ProofStatement } from '../../src/lib/proofs/port';
import { G1, G2, R, timesAny } from '../../src/lib/proofs/testing/points';
import { semaphoreProofOf } from '../../src/lib/proofs/testing/proofVector';
import { pointsOf } from './proofDamage';

const { Fp } = G1.Point;
const { Fp: Fp2 } = G2.Point;
const admissible = new Map<string, boolean>();
const verdicts = new Map<string, boolean>();

/**
 * Whether a ballot is to be accepted, by code that has nothing in common with ours: `verifyProof` accepts it, and it is
 * spelt as consensus demands, which `verifyProof` does not look at.
 */
export async function isToBeAccepted(statement: ProofStatement): Promise<boolean> {
	const { groupRoot, nullifier, proof } = statement;
	if (bigintOfHash(groupRoot) >= R || bigintOfHash(nullifier) >= R || !isAdmissible(proof)) return false;
	return await remembered(verdicts, Object.values(statement).join(), () =>
		// It throws for some of what it does not accept.
		verifyProof(semaphoreProofOf(statement)).catch(() => false)
	);
}

/** Whether all coordinates are canonical, all points on their curves and not infinity, and B of order r. */
export function isAdmissible(proof: Uint8Array): boolean {
	const key = bytesToHex(proof);
	const known = admissible.get(key);
	if (known !== undefined) return known;
	const verdict = hasAdmissiblePoints(proof);
	admissible.set(key, verdict);
	return verdict;
}

function hasAdmissiblePoints(proof: Uint8Array): boolean {
	const points = pointsOf(proof);
	if (!points) return false;
	const { a, b, c } = points;
	for (const point of [a, c]) {
		if (point.is0()) return false;
		const { x, y } = point.toAffine();
		if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), G1.Point.CURVE().b))) return false;
	}
	if (b.is0()) return false;
	const { x, y } = b.toAffine();
	if (!Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.Point.CURVE().b))) return false;
	return timesAny(b, R).is0();
}

async function remembered(known: Map<string, boolean>, key: string, find: () => Promise<boolean>): Promise<boolean> {
	const verdict = known.get(key) ?? (await find());
	known.set(key, verdict);
	return verdict;
}
