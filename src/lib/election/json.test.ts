import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHash, ElectionId } from '../bytes/hash';
import { SCALAR_FIELD } from './field';
import { blockFromJson, blockToJson, transactionFromJson, transactionToJson, type TransactionJson } from './json';
import { anyBlock, anyHash, anyTransaction } from './testing/arbitraries';
import { newState, sampleBallot, sampleChild, sampleCommitment } from './testing/samples';
import { sampleClosing, sampleEnrolment, sampleOpening } from './testing/signedSamples';
import { refusalOf } from '../bytes/testing/refusalOf';
import { transactionId } from './transaction';

/** Through text and back, as a downloaded chain goes. */
function printed(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value));
}

const { block, hash } = sampleChild(newState(), [sampleBallot(1), sampleBallot(2)], {
	nonce: 2n ** 64n - 1n,
	target: 255n
});
const blockJson = blockToJson(block, hash);
type JsonOf<Kind> = Extract<TransactionJson, { kind: Kind }>;

const ballotJson = transactionToJson(sampleBallot(1)) as JsonOf<'ballot'>;

describe('views', () => {
	it('show a block', () => {
		expect(blockJson).toEqual({
			hash,
			height: 1,
			previousHash: block.header.previousHash,
			merkleRoot: block.header.merkleRoot,
			timestamp: 1_000,
			target: `${'0'.repeat(62)}ff`,
			nonce: '18446744073709551615',
			version: 1,
			transactions: [ballotJson, transactionToJson(sampleBallot(2))]
		});
	});

	it('show a ballot', () => {
		const { id, kind, nullifier, choices, proof } = ballotJson;
		expect(id).toBe(transactionId(sampleBallot(1)));
		expect({ kind, nullifier, choices }).toEqual({
			kind: 'ballot',
			nullifier: sampleBallot(1).nullifier,
			choices: [0, 0]
		});
		expect(proof).toBe(Buffer.from(sampleBallot(1).proof).toString('hex'));
	});

	it('lose nothing', () => {
		fc.assert(
			fc.property(anyBlock, anyHash, (any, anyBlockHash) => {
				expect(blockFromJson(printed(blockToJson(any, anyBlockHash)))).toEqual(any);
			})
		);
		fc.assert(
			fc.property(anyTransaction, (any) => {
				expect(transactionFromJson(printed(transactionToJson(any)))).toEqual(any);
			})
		);
	});

	it('are judged by what they are, not by the ID and hash they state', () => {
		expect(transactionFromJson({ ...ballotJson, id: 'wrong' })).toEqual(sampleBallot(1));
		expect(blockFromJson({ ...blockJson, hash: '0'.repeat(64) as BlockHash })).toEqual(block);
		expect(blockFromJson(printed({ ...blockJson, hash: undefined }))).toEqual(block);
	});
});

describe('transactionFromJson refuses', () => {
	it.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['text', 'ballot'],
		['a list', [ballotJson]],
		['another kind', { ...ballotJson, kind: 'enrolment' }],
		['an unknown kind', { ...ballotJson, kind: 'constructor' }],
		['a field too many', { ...ballotJson, voterId: 'VOID001' }],
		['a nullifier in upper case', { ...ballotJson, nullifier: `0${'A'.repeat(63)}` }],
		['a nullifier that is no field element', { ...ballotJson, nullifier: SCALAR_FIELD }],
		['no choices', { ...ballotJson, choices: [] }],
		['65 choices', { ...ballotJson, choices: Array(65).fill(0) }],
		['a choice over 255', { ...ballotJson, choices: [256] }],
		['a negative choice', { ...ballotJson, choices: [-1] }],
		['half a choice', { ...ballotJson, choices: [0.5] }],
		['a choice as text', { ...ballotJson, choices: ['0'] }],
		['a short proof', { ...ballotJson, proof: ballotJson.proof.slice(2) }],
		['a proof that is not hex', { ...ballotJson, proof: `zz${ballotJson.proof.slice(2)}` }],
		['a proof in upper case', { ...ballotJson, proof: `AB${ballotJson.proof.slice(2)}` }]
	])('%s', (_, value) => {
		expect(refusalOf(() => transactionFromJson(value))).toBe('bad-encoding');
	});

	it.each(['kind', 'nullifier', 'choices', 'proof'] as const)('a ballot without %s', (field) => {
		expect(refusalOf(() => transactionFromJson({ ...ballotJson, [field]: undefined }))).toBe('bad-encoding');
	});
});

describe('blockFromJson refuses', () => {
	it.each<[string, unknown]>([
		['nothing', undefined],
		['a number', 1],
		['a field too many', { ...blockJson, difficulty: 1 }],
		['a height over 32 bits', { ...blockJson, height: 2 ** 32 }],
		['a negative height', { ...blockJson, height: -1 }],
		['a previous hash that is none', { ...blockJson, previousHash: 'abc' }],
		['a Merkle root that is none', { ...blockJson, merkleRoot: 7 }],
		['a timestamp beyond 2^53 - 1', { ...blockJson, timestamp: 2 ** 53 }],
		['a short target', { ...blockJson, target: 'ff' }],
		['a nonce over 64 bits', { ...blockJson, nonce: '18446744073709551616' }],
		['a nonce with a leading zero', { ...blockJson, nonce: '01' }],
		['a nonce as number', { ...blockJson, nonce: 1 }],
		['an empty nonce', { ...blockJson, nonce: '' }],
		['a version over 255', { ...blockJson, version: 256 }],
		['transactions that are no list', { ...blockJson, transactions: {} }],
		['a bad transaction', { ...blockJson, transactions: [{ ...ballotJson, proof: '' }] }]
	])('%s', (_, value) => {
		expect(refusalOf(() => blockFromJson(value))).toBe('bad-encoding');
	});

	it('too many transactions, before it looks at one', () => {
		expect(refusalOf(() => blockFromJson({ ...blockJson, transactions: Array(1_001).fill(null) }))).toBe('oversized');
	});
});

describe('signed transactions', () => {
	const electionId = 'ab'.repeat(32) as ElectionId;
	const enrolment = sampleEnrolment(electionId, 2);
	const opening = sampleOpening({ electionId, enrolledCommitments: () => [sampleCommitment(1)] });
	const closing = sampleClosing({ electionId, height: 7, blockHashAt: () => hash });
	const enrolmentJson = transactionToJson(enrolment) as JsonOf<'enrolment'>;
	const openingJson = transactionToJson(opening) as JsonOf<'opening'>;
	const closingJson = transactionToJson(closing) as JsonOf<'closing'>;
	const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

	it('are shown with all their fields', () => {
		expect(enrolmentJson).toEqual({
			id: transactionId(enrolment),
			kind: 'enrolment',
			rollIndex: 2,
			commitment: sampleCommitment(3),
			signature: hexOf(enrolment.signature)
		});
		expect(openingJson).toEqual({
			id: transactionId(opening),
			kind: 'opening',
			groupSize: 1,
			groupRoot: opening.groupRoot,
			signature: hexOf(opening.signature)
		});
		expect(closingJson).toEqual({
			id: transactionId(closing),
			kind: 'closing',
			height: 7,
			blockHash: hash,
			signature: hexOf(closing.signature)
		});
	});

	it('are read back', () => {
		expect(transactionFromJson(printed(enrolmentJson))).toEqual(enrolment);
		expect(transactionFromJson(printed(openingJson))).toEqual(opening);
		expect(transactionFromJson(printed(closingJson))).toEqual(closing);
	});

	it.each<[string, unknown]>([
		['an enrolment that says opening', { ...enrolmentJson, kind: 'opening' }],
		['an enrolment with a voter ID', { ...enrolmentJson, voterId: 'V1' }],
		['a negative roll index', { ...enrolmentJson, rollIndex: -1 }],
		['a roll index over 32 bits', { ...enrolmentJson, rollIndex: 2 ** 32 }],
		['a roll index as text', { ...enrolmentJson, rollIndex: '2' }],
		['the commitment zero', { ...enrolmentJson, commitment: '0'.repeat(64) }],
		['a commitment that is no field element', { ...enrolmentJson, commitment: SCALAR_FIELD }],
		['a short signature', { ...enrolmentJson, signature: enrolmentJson.signature.slice(2) }],
		['a long signature', { ...enrolmentJson, signature: `${enrolmentJson.signature}00` }],
		['a signature in upper case', { ...enrolmentJson, signature: 'AB'.repeat(64) }],
		['half a group size', { ...openingJson, groupSize: 1.5 }],
		['a group root that is no field element', { ...openingJson, groupRoot: SCALAR_FIELD }],
		['an opening with its group', { ...openingJson, group: [] }],
		['a height over 32 bits', { ...closingJson, height: 2 ** 32 }],
		['a block hash that is none', { ...closingJson, blockHash: 'abc' }],
		['a closing with a reason', { ...closingJson, reason: '' }]
	])('are refused: %s', (_, value) => {
		expect(refusalOf(() => transactionFromJson(value))).toBe('bad-encoding');
	});

	it.each([enrolmentJson, openingJson, closingJson])('are refused without any one field: $kind', (json) => {
		for (const field of Object.keys(json).filter((name) => name !== 'id')) {
			expect(refusalOf(() => transactionFromJson({ ...json, [field]: undefined }))).toBe('bad-encoding');
		}
	});
});
