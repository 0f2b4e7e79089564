import fc from 'fast-check';
import type { Hash, Nullifier } from '../../bytes/hash';
import { bytesToHex } from '../../bytes/hex';
import type { Header } from '../../chain/header';
import type { Block } from '../block';
import type { Contest, Election } from '../definition';
import { isFieldElement } from '../field';
import { PROOF_LENGTH, type Ballot } from '../transaction';

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

export const anyHeader: fc.Arbitrary<Header> = fc.record({
	nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
	version: fc.integer({ min: 0, max: 255 }),
	height: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
	previousHash: anyHash,
	merkleRoot: anyHash,
	timestamp: fc.maxSafeNat(),
	target: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
});

export const anyBlock: fc.Arbitrary<Block> = fc.record({
	header: anyHeader,
	transactions: fc.array(anyBallot, { maxLength: 4 })
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
		eligibility: fc.constant('issued' as const),
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
	.filter(({ roll }) => new Set(roll.map(({ key }) => key)).size === roll.length)
	.filter(({ roll }) => roll.every(({ key }) => !/^0+$/.test(key)))
	.filter(({ opensAt, closesAt }) => opensAt === null || closesAt === null || opensAt < closesAt);
