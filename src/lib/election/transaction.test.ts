import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/ballot.json';
import type { ElectionId, Nullifier } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { ballotMessage } from './ballotMessage';
import { SCALAR_FIELD } from './field';
import { anyBallot } from './testing/arbitraries';
import { sampleBallot } from './testing/samples';
import { refusalOf } from '../bytes/testing/refusalOf';
import { decodeTransaction, encodeTransaction, transactionId, transactionLength, type Ballot } from './transaction';

describe('the golden ballots', () => {
	it.each(vectors.valid)('$id', ({ nullifier, choices, proof, bytes, id, message }) => {
		const ballot: Ballot = { kind: 'ballot', nullifier: nullifier as Nullifier, choices, proof: hexToBytes(proof) };
		expect(bytesToHex(encodeTransaction(ballot))).toBe(bytes);
		expect(decodeTransaction(hexToBytes(bytes))).toEqual(ballot);
		expect(transactionId(ballot)).toBe(id);
		expect(createHash('sha256').update(bytes, 'hex').digest('hex')).toBe(id);
		expect(ballotMessage(vectors.electionId as ElectionId, choices)).toBe(message);
	});

	it.each(vectors.refused)('refuses: $why', ({ bytes }) => {
		expect(refusalOf(() => decodeTransaction(hexToBytes(bytes)))).toBe('bad-encoding');
	});
});

describe('encodeTransaction', () => {
	const ballot = sampleBallot(1);

	it.each<[string, Partial<Ballot>]>([
		['a choice over 255, which a byte would wrap', { choices: [256, 0] }],
		['a negative choice', { choices: [-1, 0] }],
		['half a choice', { choices: [0.5, 0] }],
		['no choices', { choices: [] }],
		['65 choices', { choices: Array<number>(65).fill(0) }],
		['a short proof', { proof: ballot.proof.subarray(1) }],
		['a nullifier that is no hash', { nullifier: 'abc' as Nullifier }],
		['a nullifier in upper case', { nullifier: `0${'A'.repeat(63)}` as Nullifier }],
		['a nullifier that is no field element', { nullifier: SCALAR_FIELD }],
		['an unknown kind', { kind: 'enrolment' as 'ballot' }]
	])('refuses %s', (_, change) => {
		expect(refusalOf(() => encodeTransaction({ ...ballot, ...change }))).toBe('bad-encoding');
	});

	it('writes as many bytes as transactionLength says', () => {
		fc.assert(
			fc.property(anyBallot, (any) => {
				expect(encodeTransaction(any).length).toBe(transactionLength(any));
			})
		);
	});
});

describe('decodeTransaction', () => {
	it('reads back what encodeTransaction writes', () => {
		fc.assert(
			fc.property(anyBallot, (ballot) => {
				expect(decodeTransaction(encodeTransaction(ballot))).toEqual(ballot);
			})
		);
	});

	it('keeps nothing of the bytes it read', () => {
		const bytes = encodeTransaction(sampleBallot(1));
		const ballot = decodeTransaction(bytes);
		bytes.fill(0);
		expect(ballot).toEqual(sampleBallot(1));
	});

	it('refuses junk with a code, or reads it in a way that writes the same bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (junk) => {
				let ballot: Ballot;
				try {
					ballot = decodeTransaction(junk);
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-encoding' });
					return;
				}
				expect(encodeTransaction(ballot)).toEqual(junk);
			})
		);
	});

	it('refuses every cut', () => {
		const bytes = encodeTransaction(sampleBallot(1));
		for (let length = 0; length < bytes.length; length++) {
			expect(refusalOf(() => decodeTransaction(bytes.subarray(0, length)))).toBe('bad-encoding');
		}
	});

	it('refuses every single-byte change, or gives it another ID', () => {
		const bytes = encodeTransaction(sampleBallot(1, [1, 255]));
		const id = transactionId(sampleBallot(1, [1, 255]));
		let refused = 0;
		for (let position = 0; position < bytes.length; position++) {
			for (const mask of [0x01, 0x80, 0xff]) {
				const changed = bytes.map((byte, index) => (index === position ? byte ^ mask : byte));
				try {
					expect(transactionId(decodeTransaction(changed))).not.toBe(id);
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-encoding' });
					refused++;
				}
			}
		}
		// Kind and count of choices have one good value here; the top of the nullifier passes the field's order.
		expect(refused).toBeGreaterThanOrEqual(6);
	});

	it('refuses any change of any ballot, or gives it another ID', () => {
		fc.assert(
			fc.property(anyBallot, fc.nat(), fc.integer({ min: 1, max: 255 }), (ballot, seed, mask) => {
				const bytes = encodeTransaction(ballot);
				const changed = bytes.map((byte, index) => (index === seed % bytes.length ? byte ^ mask : byte));
				let id: string;
				try {
					id = transactionId(decodeTransaction(changed));
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-encoding' });
					return;
				}
				expect(id).not.toBe(transactionId(ballot));
			}),
			{ numRuns: 1_000 }
		);
	});
});

describe('ballotMessage', () => {
	const id = vectors.electionId as ElectionId;

	it('depends on every choice, on their order, and on the election', () => {
		const messages = [
			ballotMessage(id, [0, 1]),
			ballotMessage(id, [1, 0]),
			ballotMessage(id, [0]),
			ballotMessage(id, [0, 1, 0]),
			ballotMessage(`${id.slice(0, 63)}0` as ElectionId, [0, 1])
		];
		expect(new Set(messages).size).toBe(messages.length);
	});
});
