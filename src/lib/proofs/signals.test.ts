import { describe, expect, it } from 'vitest';
import type { Hash, Nullifier } from '../bytes/hash';
import { bigintOfHash, hashOfBigint } from './fieldElement';
import { publicSignals } from './signals';
import { R } from './testing/points';
import { PROOF_VECTOR } from './testing/proofVector';

const { scope } = PROOF_VECTOR;
const message = PROOF_VECTOR.proofs[0]?.message as Hash;
const seven = hashOfBigint(7n);
const signalsOf = (nullifier: Nullifier, said = message, groupRoot = seven) =>
	publicSignals(scope, { groupRoot, nullifier, message: said });

describe('publicSignals', () => {
	it('stand in the order of the circuit', () => {
		const nullifier = hashOfBigint(9n);
		expect(signalsOf(nullifier)?.slice(0, 2)).toEqual([7n, 9n]);
	});

	it('hold message and scope as Keccak-256 without its last byte', () => {
		// Keccak-256 of 32 zero bytes, as Ethereum's tools print it.
		const keccakOfZero = 0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563n;
		const zero = hashOfBigint(0n);
		const signals = publicSignals(zero, { groupRoot: seven, nullifier: hashOfBigint(9n), message: zero });
		expect(signals).toEqual([7n, 9n, keccakOfZero >> 8n, keccakOfZero >> 8n]);
	});

	it('refuse a nullifier that is not below the order of the field: it would be a second vote', () => {
		const { nullifier } = PROOF_VECTOR.proofs[0] ?? { nullifier: hashOfBigint(1n) };
		expect(signalsOf(hashOfBigint(R - 1n))).toBeDefined();
		expect(signalsOf(hashOfBigint(R))).toBeUndefined();
		expect(signalsOf(hashOfBigint(bigintOfHash(nullifier) + R))).toBeUndefined();
	});

	it('refuse a root that is not below the order of the field: it would be the same group again', () => {
		const signalsFor = (root: bigint) => signalsOf(hashOfBigint(9n), message, hashOfBigint(root));
		expect(signalsFor(R - 1n)).toBeDefined();
		expect(signalsFor(R)).toBeUndefined();
		expect(signalsFor(7n + R)).toBeUndefined();
	});

	it.each(['', 'AB'.repeat(32), '0'.repeat(63), `0x${'0'.repeat(62)}`])('refuse what is no hash: %j', (text) => {
		expect(signalsOf(text as Nullifier)).toBeUndefined();
		expect(signalsOf(hashOfBigint(1n), text as Hash)).toBeUndefined();
		expect(signalsOf(hashOfBigint(1n), message, text as Hash)).toBeUndefined();
	});
});
