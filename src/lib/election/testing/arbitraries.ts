import fc from 'fast-check';
import type { Hash, Nullifier } from '../../bytes/hash';
import { bytesToHex } from '../../bytes/hex';
import type { Header } from '../../chain/header';
import type { Block } from '../block';
import type { Contest, Election } from '../definition';
import { isCommitment, isFieldElement } from '../field';
import {
	PROOF_LENGTH,
	SIGNATURE_LENGTH,
	type Ballot,
	type Closing,
	type Enrolment,
	type Opening,
	type Transaction
} from '../transaction';

function bytesOf(length: number): fc.Arbitrary<Uint8Array> {
	return fc.uint8Array({ minLength: length, maxLength: length });
}

export const anyHash = bytesOf(32).map((bytes) => bytesToHex(bytes) as Hash);

/** The order of the field is about three quarters of 2^254, so most 254-bit values pass the filter. */
export const anyNullifier = bytesOf(32)
	.map((bytes) => bytesToHex(bytes.map((byte, index) => (index === 0 ? byte & 63 : byte))) as Nullifier)
	.filter(isFieldElement);

export const anyBallot: fc.Arbitrary<Ballot> = fc.record({
	kind: fc.constant('ballot' as const),
	nullifier: anyNullifier,
	choices: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 64 }),
	proof: bytesOf(PROOF_LENGTH)
});

const anyU32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const anySignature = bytesOf(SIGNATURE_LENGTH);

export const anyEnrolment: fc.Arbitrary<Enrolment> = fc.record({
	kind: fc.constant('enrolment' as const),
	rollIndex: anyU32,
	commitment: anyNullifier.filter(isCommitment),
	signature: anySignature
});

export const anyOpening: fc.Arbitrary<Opening> = fc.record({
	kind: fc.constant('opening' as const),
	groupSize: anyU32,
	groupRoot: anyNullifier,
	signature: anySignature
});

export const anyClosing: fc.Arbitrary<Closing> = fc.record({
	kind: fc.constant('closing' as const),
	height: anyU32,
	blockHash: anyHash,
	signature: anySignature
});

/** Transactions that have an encoding, whatever the rules say of them. */
export const anyTransaction: fc.Arbitrary<Transaction> = fc.oneof(anyEnrolment, anyOpening, anyBallot, anyClosing);

export const anyHeader: fc.Arbitrary<Header> = fc.record({
	nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
	version: fc.integer({ min: 0, max: 255 }),
	height: anyU32,
	previousHash: anyHash,
	merkleRoot: anyHash,
	timestamp: fc.maxSafeNat(),
	target: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
});

export const anyBlock: fc.Arbitrary<Block> = fc.record({
	header: anyHeader,
	transactions: fc.array(anyTransaction, { maxLength: 4 })
});

/** Text as people may write it in any script: no control characters, well-formed, 1 to `maxLength` code points. */
function anyLine(maxLength: number): fc.Arbitrary<string> {
	return fc
		.string({ unit: 'binary', minLength: 1, maxLength })
		.map((text) => text.replace(/\p{Control}/gu, '·'))
		.filter((text) => text.isWellFormed());
}

const anyContest: fc.Arbitrary<Contest> = fc.record({
	title: anyLine(200),
	options: fc.uniqueArray(anyLine(20), { minLength: 1, maxLength: 6 })
});

const anyInstant = fc
	.date({ min: new Date('0000-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
	.map((date) => date.toISOString());

/** Definitions with few voters, so that the depth is always 10. */
export const anyElection: fc.Arbitrary<Election> = fc
	.record({
		version: fc.constant(1 as const),
		title: anyLine(200),
		description: fc.oneof(fc.constant(''), anyLine(300), fc.constant('two\nlines')),
		contests: fc.array(anyContest, { minLength: 1, maxLength: 4 }),
		eligibility: fc.constantFrom('issued' as const, 'enrolment' as const),
		roll: fc.uniqueArray(fc.record({ voterId: anyLine(64), key: anyNullifier }), {
			minLength: 1,
			maxLength: 5,
			selector: (entry) => entry.voterId
		}),
		organiser: fc.option(anyHash),
		opensAt: fc.option(anyInstant),
		closesAt: fc.option(anyInstant),
		blockInterval: fc.integer({ min: 1_000, max: 86_400_000 }),
		initialDifficulty: fc.integer({ min: 1, max: 2 ** 40 }),
		proofDepth: fc.constant(10 as const)
	})
	.filter(({ eligibility, organiser }) => eligibility === 'issued' || organiser !== null)
	.filter(({ roll }) => new Set(roll.map(({ key }) => key)).size === roll.length)
	.filter(({ roll }) => roll.every(({ key }) => !/^0+$/.test(key)))
	.filter(({ opensAt, closesAt }) => opensAt === null || closesAt === null || opensAt < closesAt);
