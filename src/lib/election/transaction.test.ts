import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/ballot.json';
import closings from '../../../tests/vectors/closing.json';
import enrolments from '../../../tests/vectors/enrolment.json';
import openings from '../../../tests/vectors/opening.json';
import { ZERO_HASH, type BlockHash, type ElectionId, type Hash, type Nullifier } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { ballotMessage } from './ballotMessage';
import { SCALAR_FIELD } from './field';
import { anyTransaction } from './testing/arbitraries';
import { sampleBallot, sampleCommitment } from './testing/samples';
import { refusalOf } from '../bytes/testing/refusalOf';
import {
	conflictKey,
	decodeTransaction,
	encodeTransaction,
	transactionId,
	transactionLength,
	type Ballot,
	type Closing,
	type Enrolment,
	type Opening,
	type SignedTransaction,
	type Transaction
} from './transaction';

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

describe('the golden signed transactions', () => {
	const signed: [SignedTransaction, string, string][] = [
		...enrolments.valid.map(({ rollIndex, commitment, signature, bytes, id }): [SignedTransaction, string, string] => [
			{ kind: 'enrolment', rollIndex, commitment: commitment as Hash, signature: hexToBytes(signature) },
			bytes,
			id
		]),
		...openings.valid.map(({ groupSize, groupRoot, signature, bytes, id }): [SignedTransaction, string, string] => [
			{ kind: 'opening', groupSize, groupRoot: groupRoot as Hash, signature: hexToBytes(signature) },
			bytes,
			id
		]),
		...closings.valid.map(({ height, blockHash, signature, bytes, id }): [SignedTransaction, string, string] => [
			{ kind: 'closing', height, blockHash: blockHash as BlockHash, signature: hexToBytes(signature) },
			bytes,
			id
		])
	];

	it.each(signed)('$0.kind', (transaction, bytes, id) => {
		expect(bytesToHex(encodeTransaction(transaction))).toBe(bytes);
		expect(decodeTransaction(hexToBytes(bytes))).toEqual(transaction);
		expect(transactionId(transaction)).toBe(id);
		expect(transactionLength(transaction)).toBe(101);
		expect(createHash('sha256').update(bytes, 'hex').digest('hex')).toBe(id);
	});

	it.each([...enrolments.refused, ...openings.refused, ...closings.refused])('refuses: $why', ({ bytes }) => {
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
		['another kind', { kind: 'enrolment' as 'ballot' }],
		['an unknown kind', { kind: 'constructor' as 'ballot' }]
	])('refuses %s', (_, change) => {
		expect(refusalOf(() => encodeTransaction({ ...ballot, ...change }))).toBe('bad-encoding');
	});

	const signature = new Uint8Array(64);
	const enrolment: Enrolment = { kind: 'enrolment', rollIndex: 0, commitment: sampleCommitment(1), signature };
	const opening: Opening = { kind: 'opening', groupSize: 3, groupRoot: sampleCommitment(1), signature };
	const closing: Closing = { kind: 'closing', height: 1, blockHash: sampleCommitment(1), signature };

	it.each<[string, Transaction]>([
		['a roll index over 32 bits, which would wrap', { ...enrolment, rollIndex: 2 ** 32 }],
		['a negative roll index', { ...enrolment, rollIndex: -1 }],
		['half a roll index', { ...enrolment, rollIndex: 0.5 }],
		['the commitment zero, which is padding', { ...enrolment, commitment: ZERO_HASH }],
		['a commitment that is no field element', { ...enrolment, commitment: SCALAR_FIELD }],
		['a commitment that is no hash', { ...enrolment, commitment: 'abc' as Hash }],
		['a short signature', { ...enrolment, signature: new Uint8Array(63) }],
		['a long signature', { ...opening, signature: new Uint8Array(65) }],
		['a negative group size', { ...opening, groupSize: -1 }],
		['a group size over 32 bits', { ...opening, groupSize: 2 ** 32 }],
		['a group root that is no field element', { ...opening, groupRoot: SCALAR_FIELD }],
		['a height over 32 bits', { ...closing, height: 2 ** 32 }],
		['a height that is no number', { ...closing, height: Number.NaN }],
		['a block hash in upper case', { ...closing, blockHash: 'A'.repeat(64) as BlockHash }],
		['no signature', { ...closing, signature: undefined as unknown as Uint8Array }],
		['an enrolment that says opening', { ...enrolment, kind: 'opening' as 'enrolment' }]
	])('refuses %s', (_, transaction) => {
		expect(refusalOf(() => encodeTransaction(transaction))).toBe('bad-encoding');
	});

	it('writes as many bytes as transactionLength says', () => {
		fc.assert(
			fc.property(anyTransaction, (any) => {
				expect(encodeTransaction(any).length).toBe(transactionLength(any));
			})
		);
	});
});

/** The same by its fields, of which no bytes are remembered. */
function afresh(transaction: Transaction): Transaction {
	return { ...transaction };
}

describe('decodeTransaction', () => {
	it('reads back what encodeTransaction writes', () => {
		fc.assert(
			fc.property(anyTransaction, (any) => {
				expect(decodeTransaction(encodeTransaction(any))).toEqual(any);
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
				let transaction: Transaction;
				try {
					transaction = decodeTransaction(junk);
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-encoding' });
					return;
				}
				expect(encodeTransaction(afresh(transaction))).toEqual(junk);
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
					expect(transactionId(afresh(decodeTransaction(changed)))).not.toBe(id);
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-encoding' });
					refused++;
				}
			}
		}
		// Kind and count of choices have one good value here; the top of the nullifier passes the field's order.
		expect(refused).toBeGreaterThanOrEqual(6);
	});

	it('refuses any change of any transaction, or gives it another ID', () => {
		fc.assert(
			fc.property(anyTransaction, fc.nat(), fc.integer({ min: 1, max: 255 }), (any, seed, mask) => {
				const bytes = encodeTransaction(any);
				const changed = bytes.map((byte, index) => (index === seed % bytes.length ? byte ^ mask : byte));
				let id: string;
				try {
					id = transactionId(afresh(decodeTransaction(changed)));
				} catch (error) {
					expect(error).toMatchObject({ code: 'bad-encoding' });
					return;
				}
				expect(id).not.toBe(transactionId(any));
			}),
			{ numRuns: 1_000 }
		);
	});
});

describe('what was decoded before', () => {
	const encoded = (seed: number) => encodeTransaction(sampleBallot(seed)).slice();

	it('is the same object for the same bytes, and for no others', () => {
		const bytes = encoded(1);
		const ballot = decodeTransaction(bytes);
		expect(decodeTransaction(bytes.slice())).toBe(ballot);
		// The proof is malleable, and not looked at by decoding.
		const changed = bytes.with(-1, bytes.at(-1)! ^ 1);
		const other = decodeTransaction(changed);
		expect(other).not.toBe(ballot);
		expect(transactionId(other)).not.toBe(transactionId(ballot));
		expect(encodeTransaction(other)).toEqual(changed);
		expect(encodeTransaction(ballot)).toEqual(bytes);
	});

	it('does not follow later changes of the bytes', () => {
		const bytes = encoded(2);
		const ballot = decodeTransaction(bytes);
		bytes.fill(0);
		expect(decodeTransaction(encoded(2))).toBe(ballot);
		expect(encodeTransaction(ballot)).toEqual(encodeTransaction(sampleBallot(2)));
	});

	it('is forgotten when some thousands of others were decoded', () => {
		const ballot = decodeTransaction(encoded(3));
		for (let seed = 0; seed < 4_096; seed++) decodeTransaction(encoded(1_000 + seed));
		const again = decodeTransaction(encoded(3));
		expect(again).not.toBe(ballot);
		expect(again).toEqual(ballot);
	});
});

describe('conflictKey', () => {
	it('is the same for what can be on a chain once, whatever else differs', () => {
		fc.assert(
			fc.property(anyTransaction, anyTransaction, (one, other) => {
				const same =
					(one.kind === 'enrolment' && other.kind === 'enrolment' && one.rollIndex === other.rollIndex) ||
					(one.kind === 'ballot' && other.kind === 'ballot' && one.nullifier === other.nullifier) ||
					(one.kind === 'opening' && other.kind === 'opening') ||
					(one.kind === 'closing' && other.kind === 'closing');
				expect(conflictKey(one) === conflictKey(other)).toBe(same);
			})
		);
		const ballot = sampleBallot(1, [0, 0]);
		expect(conflictKey({ ...sampleBallot(2, [1, 1]), nullifier: ballot.nullifier })).toBe(conflictKey(ballot));
		const enrolment = { kind: 'enrolment' as const, rollIndex: 4, signature: new Uint8Array(64) };
		expect(conflictKey({ ...enrolment, commitment: sampleCommitment(1) })).toBe(
			conflictKey({ ...enrolment, commitment: sampleCommitment(2) })
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
