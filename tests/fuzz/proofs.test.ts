import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { BatchEquation, MAX_BATCH } from '../../src/lib/proofs/batchEquation';
import { Bn254 } from '../../src/lib/proofs/bn254';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import { useSingleThread } from '../../src/lib/proofs/prove';
import { VECTOR_CONTEXT } from '../../src/lib/proofs/testing/proofVector';
import { VERIFICATION_KEYS } from '../../src/lib/proofs/verificationKey';
import { anyGood, anySuspect, statementOf, type Suspect } from './proofDamage';
import { isAdmissible, isToBeAccepted } from './proofOracle';
import { runs } from './runs';

// However many runs are asked for.
vi.setConfig({ testTimeout: 0 });

/** Batches that are likely to be a problem, or were one. Replayed before anything else. */
const CORPUS = JSON.parse(readFileSync(new URL('./corpus/proofs.json', import.meta.url), 'utf8')) as readonly {
	readonly why: string;
	readonly batch: readonly Suspect[];
}[];

const proofs = inlineProofs(nodeArtifacts)(VECTOR_CONTEXT);
let equation: BatchEquation;

beforeAll(async () => {
	// Otherwise the oracle starts a worker a core and leaves them running.
	await useSingleThread();
	equation = new BatchEquation(await Bn254.open(), VERIFICATION_KEYS[10]);
});

/** Each ballot gets the verdict of the oracle, whatever stands beside it. */
async function expectVerdictsOfOracle(batch: readonly Suspect[]): Promise<void> {
	const statements = batch.map(statementOf);
	const expected: boolean[] = [];
	for (const statement of statements) expected.push(await isToBeAccepted(statement));
	expect(await proofs.verify(statements)).toEqual(expected);
}

describe('a batch of proofs', () => {
	it.each(CORPUS)('is judged as by verifyProof: $why', async ({ batch }) => {
		await expectVerdictsOfOracle(batch);
	});

	it('is judged as by verifyProof, whatever was done to some of its ballots', async () => {
		const anyBallot = fc.oneof(anyGood, anySuspect);
		await fc.assert(
			fc.asyncProperty(fc.array(anyBallot, { minLength: 1, maxLength: 16 }), expectVerdictsOfOracle),
			runs(40)
		);
	});

	it('has its bad ballots found, and no others, wherever they stand', async () => {
		// One good ballot and one bad one of each kind are judged once, and many times found again.
		const bad: Suspect[] = [
			{ of: 0, damage: [{ do: 'add', to: 'c', factor: 1 }] },
			{ of: 1, damage: [{ do: 'leave', how: 'small', start: 1, isAlone: false }] },
			{ of: 2, damage: [{ do: 'signal', name: 'nullifier', by: 'order' }] }
		];
		for (const suspect of bad) expect(await isToBeAccepted(statementOf(suspect))).toBe(false);
		const anyBatch = fc
			.integer({ min: 1, max: MAX_BATCH + 20 })
			.chain((length) =>
				fc.tuple(fc.constant(length), fc.uniqueArray(fc.nat({ max: length - 1 }), { maxLength: 5 }), fc.nat())
			);
		await fc.assert(
			fc.asyncProperty(anyBatch, async ([length, positions, kind]) => {
				const batch = Array.from({ length }, (_, index): Suspect => {
					return positions.includes(index) ? bad[(kind + index) % bad.length]! : { of: index % 8, damage: [] };
				});
				expect(await proofs.verify(batch.map(statementOf))).toEqual(
					batch.map((_, index) => !positions.includes(index))
				);
			}),
			runs(12)
		);
	});
});

describe('the points of a proof', () => {
	it('are admitted when they are on their curves, not infinity, and of order r, and only then', () => {
		const signals = [0n, 0n, 0n, 0n] as const;
		fc.assert(
			fc.property(fc.array(anySuspect, { minLength: 1, maxLength: 12 }), (batch) => {
				const suspects = batch.map((suspect) => statementOf(suspect).proof);
				expect(equation.load(suspects.map((proof) => ({ signals, proof })))).toEqual(suspects.map(isAdmissible));
			}),
			runs(40)
		);
	});
});
