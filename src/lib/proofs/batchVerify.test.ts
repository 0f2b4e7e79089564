import { verifyProof } from '@semaphore-protocol/proof';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Hash } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { MAX_BATCH, type ProofToCheck } from './batchEquation';
import { BatchVerifier } from './batchVerify';
import { hashOfBigint } from './fieldElement';
import type { ProofStatement } from './port';
import { useSingleThread } from './prove';
import { publicSignals } from './signals';
import { COFACTOR, G1, R, packCoordinates, packPoints, timesAny, twistPoint, unpackPoints } from './testing/points';
import { PROOF_VECTOR, VECTOR_STATEMENTS, coordinatesOf, semaphoreProofOf } from './testing/proofVector';

// Proofs take seconds, on a busy machine many.
vi.setConfig({ testTimeout: 120_000 });

const [FIRST, SECOND] = VECTOR_STATEMENTS as readonly [ProofStatement, ProofStatement];
const OTHER = sha256Hash(utf8('other'));

let verifier: BatchVerifier;

beforeAll(async () => {
	verifier = await BatchVerifier.open(10);
	// Otherwise the oracle starts a worker a core and leaves them running.
	await useSingleThread();
});

function check(statement: ProofStatement, scope = PROOF_VECTOR.scope): ProofToCheck {
	const signals = publicSignals(scope, statement);
	if (!signals) throw new Error('the statement claims nothing');
	return { signals, proof: statement.proof };
}

/** Our verdict alone, and among good proofs, which must not suffer; both must be the same. */
function ours(suspect: ProofToCheck): boolean {
	const good = VECTOR_STATEMENTS.slice(2).map((statement) => check(statement));
	const [alone] = verifier.verify([suspect]);
	const among = verifier.verify([...good.slice(0, 3), suspect, ...good.slice(3)]);
	expect(among.toSpliced(3, 1)).toEqual(good.map(() => true));
	expect(among[3]).toBe(alone);
	return alone === true;
}

const withProof = (proof: Uint8Array): ProofStatement => ({ ...FIRST, proof });

describe('what verifyProof accepts', () => {
	it('is accepted, one by one and together', async () => {
		const checks = VECTOR_STATEMENTS.map((statement) => check(statement));
		for (const statement of VECTOR_STATEMENTS) expect(await verifyProof(semaphoreProofOf(statement))).toBe(true);
		expect(checks.map((one) => verifier.verify([one]))).toEqual(checks.map(() => [true]));
		expect(verifier.verify(checks)).toEqual(checks.map(() => true));
	});

	it('is accepted in other bytes: proofs are malleable', async () => {
		const { a, b, c } = unpackPoints(FIRST.proof);
		const negated = withProof(packPoints({ a: a.negate(), b: b.negate(), c }));
		const factor = 12345678901234567890n;
		const inverse = G1.Point.Fn.inv(factor);
		const scaled = withProof(packPoints({ a: a.multiply(factor), b: b.multiply(inverse), c }));
		for (const statement of [negated, scaled]) {
			expect(await verifyProof(semaphoreProofOf(statement))).toBe(true);
			expect(ours(check(statement))).toBe(true);
		}
	});
});

describe('what verifyProof refuses', () => {
	const first = unpackPoints(FIRST.proof);
	const second = unpackPoints(SECOND.proof);
	const G = G1.Point.BASE;
	const tampered: Record<string, ProofStatement> = {
		'another A': withProof(packPoints({ ...first, a: first.a.add(G) })),
		'another B': withProof(packPoints({ ...first, b: first.b.double() })),
		'another C': withProof(packPoints({ ...first, c: first.c.add(G) })),
		'A and C swapped': withProof(packPoints({ ...first, a: first.c, c: first.a })),
		'A negated': withProof(packPoints({ ...first, a: first.a.negate() })),
		'B negated': withProof(packPoints({ ...first, b: first.b.negate() })),
		'C negated': withProof(packPoints({ ...first, c: first.c.negate() })),
		'A of another proof': withProof(packPoints({ ...first, a: second.a })),
		'B of another proof': withProof(packPoints({ ...first, b: second.b })),
		'C of another proof': withProof(packPoints({ ...first, c: second.c })),
		'the proof of another ballot': withProof(SECOND.proof),
		'another message': { ...FIRST, message: OTHER },
		'another nullifier': { ...FIRST, nullifier: SECOND.nullifier },
		'the nullifier zero': { ...FIRST, nullifier: hashOfBigint(0n) },
		'another group': { ...FIRST, groupRoot: PROOF_VECTOR.commitments[0] as Hash },
		'the group of nobody': { ...FIRST, groupRoot: hashOfBigint(0n) }
	};

	it.each(Object.keys(tampered))('is refused: %s', async (name) => {
		const statement = tampered[name] as ProofStatement;
		expect(await verifyProof(semaphoreProofOf(statement))).toBe(false);
		expect(ours(check(statement))).toBe(false);
	});

	it('is refused: another scope', async () => {
		expect(await verifyProof(semaphoreProofOf(FIRST, { ...PROOF_VECTOR, scope: OTHER }))).toBe(false);
		expect(ours(check(FIRST, OTHER))).toBe(false);
	});

	it('is refused: another depth', async () => {
		expect(await verifyProof(semaphoreProofOf(FIRST, { ...PROOF_VECTOR, depth: 16 }))).toBe(false);
		const deeper = await BatchVerifier.open(16);
		expect(deeper.verify([check(FIRST)])).toEqual([false]);
	});

	it.each([0, 2, 4, 6])('is refused: a point off its curve (coordinate %i)', async (index) => {
		const coordinates = coordinatesOf(FIRST.proof);
		const statement = withProof(packCoordinates(coordinates.with(index, (coordinates[index] ?? 0n) ^ 1n)));
		expect(await verifyProof(semaphoreProofOf(statement))).toBe(false);
		expect(ours(check(statement))).toBe(false);
	});
});

describe('what is refused besides', () => {
	const coordinates = coordinatesOf(FIRST.proof);

	it.each([
		['A', [0, 1]],
		['B', [2, 3, 4, 5]],
		['C', [6, 7]]
	])('%s at infinity', (_, zeros) => {
		const proof = packCoordinates(coordinates.map((value, index) => (zeros.includes(index) ? 0n : value)));
		expect(ours(check(withProof(proof)))).toBe(false);
	});

	it('everything at infinity', () => {
		expect(ours(check(withProof(new Uint8Array(256))))).toBe(false);
	});

	it('a B outside the subgroup', () => {
		const points = unpackPoints(FIRST.proof);
		const order = 10069n;
		const small = timesAny(twistPoint(1n), (COFACTOR * R) / order);
		for (const b of [points.b.add(small), small, points.b.add(timesAny(twistPoint(5n), R)), twistPoint(9n)]) {
			expect(ours(check(withProof(packPoints({ ...points, b }))))).toBe(false);
		}
	});

	it.each([0, 255, 257, 512])('%i bytes', (length) => {
		const proof = new Uint8Array(length);
		proof.set(FIRST.proof.subarray(0, length));
		expect(ours(check(withProof(proof)))).toBe(false);
	});
});

describe('a batch', () => {
	it('does not let errors cancel out', () => {
		const [first, second] = [unpackPoints(FIRST.proof), unpackPoints(SECOND.proof)];
		const error = G1.Point.BASE.multiply(42n);
		const pair = [
			check(withProof(packPoints({ ...first, c: first.c.add(error) }))),
			check({ ...SECOND, proof: packPoints({ ...second, c: second.c.subtract(error) }) })
		];
		expect(verifier.verify(pair)).toEqual([false, false]);
		const swapped = [check({ ...FIRST, proof: SECOND.proof }), check({ ...SECOND, proof: FIRST.proof })];
		expect(verifier.verify(swapped)).toEqual([false, false]);
	});

	it('gives every proof its own verdict, wherever the bad ones stand', () => {
		const bad = check({ ...FIRST, message: OTHER });
		const offCurve = check(withProof(new Uint8Array(256).fill(1)));
		for (const positions of [[0], [7], [15], [0, 1, 2], [3, 8, 9, 15], [...Array(16).keys()]]) {
			const batch = Array.from({ length: 16 }, (_, index) => {
				if (positions.includes(index)) return index % 2 === 0 ? bad : offCurve;
				return check(VECTOR_STATEMENTS[index % VECTOR_STATEMENTS.length] as ProofStatement);
			});
			expect(verifier.verify(batch)).toEqual(batch.map((_, index) => !positions.includes(index)));
		}
	});

	it('may hold one proof several times, and no proof at all', () => {
		expect(verifier.verify([check(FIRST), check(FIRST), check(FIRST)])).toEqual([true, true, true]);
		expect(verifier.verify([])).toEqual([]);
	});

	it('may be larger than one equation', () => {
		const checks = Array.from({ length: MAX_BATCH + 3 }, (_, index) =>
			check(VECTOR_STATEMENTS[index % VECTOR_STATEMENTS.length] as ProofStatement)
		);
		checks[MAX_BATCH + 1] = check({ ...FIRST, message: OTHER });
		expect(verifier.verify(checks)).toEqual(checks.map((_, index) => index !== MAX_BATCH + 1));
	});
});
