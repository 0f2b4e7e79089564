import fc from 'fast-check';
import type { Hash, Nullifier } from '../../src/lib/bytes/hash';
import { bigintOfHash, hashOfBigint } from '../../src/lib/proofs/fieldElement';
import { PROOF_LENGTH } from '../../src/lib/proofs/pack';
import type { ProofStatement } from '../../src/lib/proofs/port';
import {
	COFACTOR,
	G1,
	G2,
	Q,
	R,
	packCoordinates,
	packPoints,
	timesAny,
	twistPoint,
	unpackPoints,
	type Points
} from '../../src/lib/proofs/testing/points';
import { VECTOR_STATEMENTS, coordinatesOf } from '../../src/lib/proofs/testing/proofVector';
import { anyMutation, mutated, type Mutation } from './mutations';

type PointName = keyof Points;
type SignalName = 'groupRoot' | 'nullifier' | 'message';

/** One way of damaging a ballot, as plain data, so that a failure can be kept in the corpus. Some leave the proof good. */
export type Damage =
	/** A multiple of the group's generator more. */
	| { readonly do: 'add'; readonly to: PointName; readonly factor: number }
	| { readonly do: 'negate'; readonly points: readonly PointName[] }
	/** A times a factor and B divided by it, which is another form of the same proof; or one of both only. */
	| { readonly do: 'scale'; readonly points: readonly ('a' | 'b')[]; readonly factor: number }
	| { readonly do: 'swap' }
	/** Points, or what is said, of another ballot. */
	| { readonly do: 'take'; readonly what: readonly (PointName | SignalName)[]; readonly from: number }
	| { readonly do: 'zero'; readonly points: readonly PointName[] }
	/** B gets a point of the twist added that is not in the subgroup, or becomes one. */
	| { readonly do: 'leave'; readonly how: 'small' | 'large'; readonly start: number; readonly isAlone: boolean }
	/** A coordinate is changed: by the field's order, which makes it another spelling of the same, or by anything else. */
	| { readonly do: 'coordinate'; readonly index: number; readonly by: 'order' | number }
	/** The same with something that is said. */
	| { readonly do: 'signal'; readonly name: SignalName; readonly by: 'order' | 'zero' | 'minus one' | number }
	| { readonly do: 'bytes'; readonly mutations: readonly Mutation[]; readonly from: number }
	| { readonly do: 'chance'; readonly bytes: readonly number[] };

/** A ballot of a batch: one of the vector's, with what is done to it in order. */
export interface Suspect {
	readonly of: number;
	readonly damage: readonly Damage[];
}

const anyOf = fc.nat({ max: VECTOR_STATEMENTS.length - 1 });
const anyPoint = fc.constantFrom<PointName>('a', 'b', 'c');
const somePoints = fc.subarray<PointName>(['a', 'b', 'c'], { minLength: 1 });
const anyFactor = fc.integer({ min: 2, max: 1_000_000 });
const anySignal = fc.constantFrom<SignalName>('groupRoot', 'nullifier', 'message');

const anyDamage: fc.Arbitrary<Damage> = fc.oneof(
	fc.record({ do: fc.constant('add' as const), to: anyPoint, factor: fc.integer({ min: -9, max: 9 }) }),
	fc.record({ do: fc.constant('negate' as const), points: somePoints }),
	fc.record({
		do: fc.constant('scale' as const),
		points: fc.subarray<'a' | 'b'>(['a', 'b'], { minLength: 1 }),
		factor: anyFactor
	}),
	fc.record({ do: fc.constant('swap' as const) }),
	fc.record({
		do: fc.constant('take' as const),
		what: fc.subarray<PointName | SignalName>(['a', 'b', 'c', 'groupRoot', 'nullifier', 'message'], { minLength: 1 }),
		from: anyOf
	}),
	fc.record({ do: fc.constant('zero' as const), points: somePoints }),
	fc.record({
		do: fc.constant('leave' as const),
		how: fc.constantFrom('small' as const, 'large' as const),
		start: fc.nat({ max: 50 }),
		isAlone: fc.boolean()
	}),
	fc.record({
		do: fc.constant('coordinate' as const),
		index: fc.nat({ max: 7 }),
		by: fc.oneof(fc.constant('order' as const), fc.integer({ min: -9, max: 9 }))
	}),
	fc.record({
		do: fc.constant('signal' as const),
		name: anySignal,
		by: fc.oneof(
			fc.constantFrom('order' as const, 'zero' as const, 'minus one' as const),
			fc.integer({ min: -9, max: 9 })
		)
	}),
	fc.record({
		do: fc.constant('bytes' as const),
		mutations: fc.array(anyMutation, { minLength: 1, maxLength: 3 }),
		from: anyOf
	}),
	fc.record({
		do: fc.constant('chance' as const),
		bytes: fc.array(fc.nat({ max: 255 }), { minLength: PROOF_LENGTH, maxLength: PROOF_LENGTH })
	})
);

export const anyGood: fc.Arbitrary<Suspect> = fc.record({ of: anyOf, damage: fc.constant([]) });

export const anySuspect: fc.Arbitrary<Suspect> = fc.record({
	of: anyOf,
	damage: fc.array(anyDamage, { minLength: 1, maxLength: 2 })
});

/** The ballot that a suspect is. */
export function statementOf({ of, damage }: Suspect): ProofStatement {
	return damage.reduce(damaged, original(of));
}

function original(index: number): ProofStatement {
	return VECTOR_STATEMENTS[index % VECTOR_STATEMENTS.length]!;
}

function damaged(statement: ProofStatement, damage: Damage): ProofStatement {
	const { proof } = statement;
	const withPoints = (change: (points: Points) => Partial<Points>): ProofStatement => {
		// What was damaged before may be no points any more, and stays what it is.
		const points = pointsOf(proof);
		return points ? { ...statement, proof: packPoints({ ...points, ...change(points) }) } : statement;
	};
	switch (damage.do) {
		case 'add':
			return withPoints(({ a, b, c }) => ({
				a: damage.to === 'a' ? a.add(timesG1(damage.factor)) : a,
				b: damage.to === 'b' ? b.add(timesAny(G2.Point.BASE, modR(damage.factor))) : b,
				c: damage.to === 'c' ? c.add(timesG1(damage.factor)) : c
			}));
		case 'negate':
			return withPoints(({ a, b, c }) => ({
				a: damage.points.includes('a') ? a.negate() : a,
				b: damage.points.includes('b') ? b.negate() : b,
				c: damage.points.includes('c') ? c.negate() : c
			}));
		case 'scale':
			return withPoints(({ a, b }) => ({
				a: damage.points.includes('a') ? a.multiplyUnsafe(BigInt(damage.factor)) : a,
				b: damage.points.includes('b') ? timesAny(b, G1.Point.Fn.inv(BigInt(damage.factor))) : b
			}));
		case 'swap':
			return withPoints(({ a, c }) => ({ a: c, c: a }));
		case 'take': {
			const other = original(damage.from);
			const said = Object.fromEntries(
				damage.what.flatMap((name) => (name.length > 1 ? [[name, other[name as SignalName]]] : []))
			);
			const points = unpackPoints(other.proof);
			const taken = damage.what.flatMap((name) => (name.length > 1 ? [] : [[name, points[name as PointName]]]));
			return { ...withPoints(() => Object.fromEntries(taken) as Partial<Points>), ...said };
		}
		case 'zero':
			return withCoordinates(statement, (value, index) => (damage.points.includes(ownerOf(index)) ? 0n : value));
		case 'leave':
			return withPoints(({ b }) => {
				const large = twistPoint(BigInt(damage.start));
				const outside = damage.how === 'large' ? large : timesAny(large, (COFACTOR * R) / 10069n);
				return { b: damage.isAlone ? outside : b.add(outside) };
			});
		case 'coordinate':
			return withCoordinates(statement, (value, index) =>
				index === damage.index ? changed(value, damage.by === 'order' ? Q : BigInt(damage.by)) : value
			);
		case 'signal':
			return { ...statement, [damage.name]: changedSignal(statement[damage.name], damage.by) };
		case 'bytes':
			return { ...statement, proof: mutated(proof, damage.mutations, original(damage.from).proof) };
		case 'chance':
			return { ...statement, proof: Uint8Array.from(damage.bytes) };
	}
}

/** The points that bytes stand for. Undefined when they are no coordinates, or some that no point of the curves can have. */
export function pointsOf(proof: Uint8Array): Points | undefined {
	if (proof.length !== PROOF_LENGTH || coordinatesOf(proof).some((value) => value >= Q)) return undefined;
	try {
		return unpackPoints(proof);
	} catch {
		return undefined;
	}
}

function withCoordinates(statement: ProofStatement, change: (value: bigint, index: number) => bigint): ProofStatement {
	if (statement.proof.length !== PROOF_LENGTH) return statement;
	return { ...statement, proof: packCoordinates(coordinatesOf(statement.proof).map(change)) };
}

function ownerOf(coordinate: number): PointName {
	if (coordinate < 2) return 'a';
	return coordinate < 6 ? 'b' : 'c';
}

function changedSignal(value: Hash | Nullifier, by: 'order' | 'zero' | 'minus one' | number): Hash {
	if (by === 'zero') return hashOfBigint(0n);
	if (by === 'minus one') return hashOfBigint(R - 1n);
	return hashOfBigint(changed(bigintOfHash(value), by === 'order' ? R : BigInt(by)));
}

/** As far as it still fits into 32 bytes. */
function changed(value: bigint, by: bigint): bigint {
	return BigInt.asUintN(256, value + by);
}

function timesG1(factor: number) {
	return G1.Point.BASE.multiplyUnsafe(modR(factor));
}

function modR(factor: number): bigint {
	return (BigInt(factor) + R) % R;
}
