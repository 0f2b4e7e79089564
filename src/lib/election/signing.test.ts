import { ed25519 } from '@noble/curves/ed25519.js';
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import closings from '../../../tests/vectors/closing.json';
import enrolments from '../../../tests/vectors/enrolment.json';
import openings from '../../../tests/vectors/opening.json';
import type { BlockHash, ElectionId, Hash } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { enrolmentKeyOf, organiserKeyOf } from './codeKeys';
import { publicKeyOf, signTransaction, signatureHolds, signedMessage, signerOf, type SecretKey } from './signing';
import { anyClosing, anyEnrolment, anyHash, anyOpening } from './testing/arbitraries';
import { sampleCommitment, sampleElection } from './testing/samples';
import {
	organiserSecret,
	sampleClosing,
	sampleCode,
	sampleEnrolment,
	sampleEnrolmentElection,
	sampleOrganiser
} from './testing/signedSamples';
import { encodeTransaction, transactionId, type SignedTransaction } from './transaction';

const GOLDEN = [
	...enrolments.valid.map(({ rollIndex, commitment, ...rest }) => ({
		unsigned: { kind: 'enrolment' as const, rollIndex, commitment: commitment as Hash },
		...rest
	})),
	...openings.valid.map(({ groupSize, groupRoot, ...rest }) => ({
		unsigned: { kind: 'opening' as const, groupSize, groupRoot: groupRoot as Hash },
		...rest
	})),
	...closings.valid.map(({ height, blockHash, ...rest }) => ({
		unsigned: { kind: 'closing' as const, height, blockHash: blockHash as BlockHash },
		...rest
	}))
];
const electionId = enrolments.electionId as ElectionId;

/** The order of the group of Ed25519 (RFC 8032 section 5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function littleEndian(bytes: Uint8Array): bigint {
	return BigInt(`0x${bytesToHex(bytes.toReversed())}`);
}

function toLittleEndian(value: bigint): Uint8Array {
	return hexToBytes(value.toString(16).padStart(64, '0')).reverse();
}

function nodeKey(secretKey: SecretKey) {
	const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secretKey]);
	return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}

describe('the golden signatures', () => {
	it.each(GOLDEN)('$unsigned.kind $id', ({ unsigned, secretKey, publicKey, message, signature, bytes, id }) => {
		const key = hexToBytes(secretKey);
		expect(publicKeyOf(key)).toBe(publicKey);
		expect(bytesToHex(signedMessage(electionId, unsigned))).toBe(message);
		const signed = signTransaction(electionId, unsigned, key);
		expect(bytesToHex(signed.signature)).toBe(signature);
		expect(bytesToHex(encodeTransaction(signed))).toBe(bytes);
		expect(transactionId(signed)).toBe(id);
		expect(signatureHolds(publicKey, hexToBytes(message), hexToBytes(signature))).toBe(true);
	});

	it('are by different keys over different messages, so that none holds for another', () => {
		for (const [i, { publicKey, message }] of GOLDEN.entries()) {
			for (const [j, { signature }] of GOLDEN.entries()) {
				expect(signatureHolds(publicKey, hexToBytes(message), hexToBytes(signature))).toBe(i === j);
			}
		}
	});
});

describe('signTransaction', () => {
	it('signs as another implementation does', () => {
		const secretKeys = fc.uint8Array({ minLength: 32, maxLength: 32 });
		const anySigned = fc.oneof(anyEnrolment, anyOpening, anyClosing);
		fc.assert(
			fc.property(anySigned, anyHash, secretKeys, (transaction, id, secretKey) => {
				const signed = signTransaction(id, transaction, secretKey);
				const message = signedMessage(id, transaction);
				const theirs = nodeKey(secretKey);
				expect(Buffer.from(signed.signature)).toEqual(sign(null, message, theirs));
				expect(verify(null, message, createPublicKey(theirs), signed.signature)).toBe(true);
				expect(signatureHolds(publicKeyOf(secretKey), message, signed.signature)).toBe(true);
				expect({ ...signed, signature: transaction.signature }).toEqual(transaction);
			}),
			{ numRuns: 30 }
		);
	});

	it('gives the same transaction the same ID each time', () => {
		expect(transactionId(sampleEnrolment(electionId, 1))).toBe(transactionId(sampleEnrolment(electionId, 1)));
	});
});

describe('signerOf', () => {
	const election = sampleEnrolmentElection(3);

	it('names the voter of an enrolment, and the organiser of the rest', () => {
		const closing = sampleClosing({ electionId, height: 0, blockHashAt: () => electionId });
		expect(signerOf(election, sampleEnrolment(electionId, 2))).toBe(publicKeyOf(enrolmentKeyOf(sampleCode(2))));
		expect(signerOf(election, closing)).toBe(sampleOrganiser);
	});

	it('names nobody for a voter who is not on the roll, and for an organiser who is not there', () => {
		const closing = sampleClosing({ electionId, height: 0, blockHashAt: () => electionId });
		expect(signerOf(election, sampleEnrolment(electionId, 3))).toBeUndefined();
		expect(signerOf(sampleElection({ organiser: null }), closing)).toBeUndefined();
	});
});

describe('signatureHolds', () => {
	const key = enrolmentKeyOf(sampleCode(0));
	const publicKey = publicKeyOf(key);
	const enrolment = sampleEnrolment(electionId, 0);
	const message = signedMessage(electionId, enrolment);
	const { signature } = enrolment;

	/** Whether the signature of the enrolment holds for something else as well. */
	function holdsFor(id: ElectionId, transaction: SignedTransaction): boolean {
		return signatureHolds(publicKey, signedMessage(id, transaction), signature);
	}

	it('accepts what its key has signed', () => {
		expect(holdsFor(electionId, enrolment)).toBe(true);
	});

	it('refuses another election, another field, and another kind with the same fields', () => {
		expect(holdsFor(sampleCommitment(1), enrolment)).toBe(false);
		expect(holdsFor(electionId, { ...enrolment, rollIndex: 1 })).toBe(false);
		expect(holdsFor(electionId, { ...enrolment, commitment: sampleCommitment(9) })).toBe(false);
		const fields = { rollIndex: 7, commitment: sampleCommitment(7) };
		const kinds: SignedTransaction[] = [
			{ kind: 'enrolment', ...fields, signature },
			{ kind: 'opening', groupSize: fields.rollIndex, groupRoot: fields.commitment, signature },
			{ kind: 'closing', height: fields.rollIndex, blockHash: fields.commitment, signature }
		];
		for (const [i, one] of kinds.entries()) {
			const signed = signTransaction(electionId, one, key);
			for (const [j, other] of kinds.entries()) {
				expect(signatureHolds(publicKey, signedMessage(electionId, other), signed.signature)).toBe(i === j);
			}
		}
	});

	it('refuses another key', () => {
		for (const other of [enrolmentKeyOf(sampleCode(1)), organiserKeyOf(organiserSecret)]) {
			expect(signatureHolds(publicKeyOf(other), message, signature)).toBe(false);
		}
	});

	it('refuses every changed bit of signature, message and key', () => {
		const flip = (bytes: Uint8Array, bit: number) =>
			bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
		fc.assert(
			fc.property(fc.nat(511), fc.nat(message.length * 8 - 1), fc.nat(255), (inSignature, inMessage, inKey) => {
				expect(signatureHolds(publicKey, message, flip(signature, inSignature))).toBe(false);
				expect(signatureHolds(publicKey, flip(message, inMessage), signature)).toBe(false);
				expect(signatureHolds(bytesToHex(flip(hexToBytes(publicKey), inKey)), message, signature)).toBe(false);
			}),
			{ numRuns: 60 }
		);
	});

	it('refuses S + L, which satisfies the same equation: nobody can give a signature other bytes', () => {
		const s = littleEndian(signature.subarray(32));
		expect(s < L).toBe(true);
		const malleated = Uint8Array.from([...signature.subarray(0, 32), ...toLittleEndian(s + L)]);
		expect(signatureHolds(publicKey, message, malleated)).toBe(false);
		const same = Uint8Array.from([...signature.subarray(0, 32), ...toLittleEndian(s)]);
		expect(signatureHolds(publicKey, message, same)).toBe(true);
	});

	// All eight points of small order, and spellings of them that are not canonical. With R the neutral element and S zero
	// the cofactored equation holds for them whatever the message.
	it.each([
		'0100000000000000000000000000000000000000000000000000000000000000',
		'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
		'0000000000000000000000000000000000000000000000000000000000000000',
		'0000000000000000000000000000000000000000000000000000000000000080',
		'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
		'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
		'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
		'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
		'0100000000000000000000000000000000000000000000000000000000000080',
		'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
		'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
		'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
		'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'
	])('refuses the key of small order %s', (small) => {
		const neutral = hexToBytes(`01${'00'.repeat(63)}`);
		expect(signatureHolds(small, message, neutral)).toBe(false);
		expect(signatureHolds(small, message, signature)).toBe(false);
	});

	it('refuses an R that is not canonical, though the equation holds', () => {
		const seed = createHash('sha512').update(key).digest();
		const clamped = Uint8Array.from(seed.subarray(0, 32));
		clamped[0] = (clamped[0] ?? 0) & 248;
		clamped[31] = ((clamped[31] ?? 0) & 127) | 64;
		// Whoever has the key can sign with the neutral element as R, under each of its spellings (y = 1 and y = p + 1).
		const signWith = (r: Uint8Array) => {
			const k = createHash('sha512').update(r).update(hexToBytes(publicKey)).update(message).digest();
			return Uint8Array.from([...r, ...toLittleEndian((littleEndian(k) * littleEndian(clamped)) % L)]);
		};
		const canonical = signWith(hexToBytes(`01${'00'.repeat(31)}`));
		const other = signWith(hexToBytes(`ee${'ff'.repeat(30)}7f`));
		expect(signatureHolds(publicKey, message, canonical)).toBe(true);
		expect(ed25519.verify(other, message, hexToBytes(publicKey), { zip215: true })).toBe(true);
		expect(signatureHolds(publicKey, message, other)).toBe(false);
	});

	it.each<[string, string, Uint8Array]>([
		['no signature', publicKey, new Uint8Array(0)],
		['63 bytes', publicKey, signature.subarray(1)],
		['65 bytes', publicKey, Uint8Array.from([...signature, 0])],
		['no key', '', signature],
		['a key of 31 bytes', publicKey.slice(2), signature],
		['a key that is not hex', 'zz'.repeat(32), signature],
		['a key that is no point', `02${'00'.repeat(31)}`, signature],
		['a key in upper case', publicKey.toUpperCase(), signature]
	])('refuses, and does not throw for, %s', (_, badKey, badSignature) => {
		expect(signatureHolds(badKey, message, badSignature)).toBe(false);
	});
});
