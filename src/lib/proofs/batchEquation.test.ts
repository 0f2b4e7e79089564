import { beforeAll, describe, expect, it } from 'vitest';
import { BatchEquation, MAX_BATCH } from './batchEquation';
import { Bn254 } from './bn254';
import type { ProofStatement } from './port';
import { publicSignals, type PublicSignals } from './signals';
import { COFACTOR, Q, R, packCoordinates, packPoints, timesAny, twistPoint, unpackPoints } from './testing/points';
import { PROOF_VECTOR, VECTOR_STATEMENTS, coordinatesOf } from './testing/proofVector';
import { VERIFICATION_KEYS } from './verificationKey';

const [FIRST, SECOND] = VECTOR_STATEMENTS as readonly [ProofStatement, ProofStatement];
const signalsOf = (statement: ProofStatement): PublicSignals => {
	const signals = publicSignals(PROOF_VECTOR.scope, statement);
	if (!signals) throw new Error('the vector holds a statement that claims nothing');
	return signals;
};
const points = unpackPoints(FIRST.proof);
const coordinates = coordinatesOf(FIRST.proof);
const smallOrder = timesAny(twistPoint(1n), (COFACTOR * R) / 10069n);

let equation: BatchEquation;

beforeAll(async () => {
	equation = new BatchEquation(await Bn254.open(), VERIFICATION_KEYS[10]);
});

// Most of these would fail the equation as well, but not all, and not by a rule.
const INADMISSIBLE: Record<string, Uint8Array> = {
	'B plus a point of small order': packPoints({ ...points, b: points.b.add(smallOrder) }),
	'B of small order': packPoints({ ...points, b: smallOrder }),
	'B anywhere on the twist': packPoints({ ...points, b: twistPoint(3n) }),
	'B off the twist': packCoordinates(coordinates.with(4, 1n)),
	'A off the curve': packCoordinates(coordinates.with(1, 1n)),
	'C off the curve': packCoordinates(coordinates.with(7, 1n)),
	'A at infinity': packCoordinates(coordinates.with(0, 0n).with(1, 0n)),
	'C at infinity': packCoordinates(coordinates.with(6, 0n).with(7, 0n)),
	'a coordinate plus the order of the field': packCoordinates(coordinates.with(0, (coordinates[0] ?? 0n) + Q)),
	'a byte more': Uint8Array.from([...FIRST.proof, 0])
};

describe('load', () => {
	it.each(Object.keys(INADMISSIBLE))('does not admit %s, and leaves it out of the equation', (name) => {
		const proof = INADMISSIBLE[name] ?? new Uint8Array();
		const suspect = { signals: signalsOf(FIRST), proof };
		const good = { signals: signalsOf(SECOND), proof: SECOND.proof };
		expect(equation.load([good, suspect, good])).toEqual([true, false, true]);
		expect(equation.holds(0, 3)).toBe(true);
		expect(equation.load([suspect])).toEqual([false]);
	});

	it('takes no more than a batch', () => {
		const good = { signals: signalsOf(FIRST), proof: FIRST.proof };
		expect(() => equation.load(Array.from({ length: MAX_BATCH + 1 }, () => good))).toThrow(RangeError);
	});
});

describe('holds', () => {
	it('is about the proofs named, and no others', () => {
		const good = { signals: signalsOf(FIRST), proof: FIRST.proof };
		const bad = { signals: signalsOf(SECOND), proof: FIRST.proof };
		expect(equation.load([good, good, bad, good])).toEqual([true, true, true, true]);
		expect(equation.holds(0, 4)).toBe(false);
		expect(equation.holds(0, 2)).toBe(true);
		expect(equation.holds(2, 3)).toBe(false);
		expect(equation.holds(3, 4)).toBe(true);
		expect(equation.holds(2, 2)).toBe(true);
	});
});
