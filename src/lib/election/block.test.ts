import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import ballots from '../../../tests/vectors/ballot.json';
import vectors from '../../../tests/vectors/block.json';
import closings from '../../../tests/vectors/closing.json';
import enrolments from '../../../tests/vectors/enrolment.json';
import openings from '../../../tests/vectors/opening.json';
import { bytesEqual } from '../bytes/compare';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { HEADER_LENGTH, encodeHeader } from '../chain/header';
import { merkleRoot } from '../chain/merkle';
import { workHashSync } from '../chain/work';
import { MAX_BLOCK_BYTES, blockLength, decodeBlock, encodeBlock, transactionsRoot, type Block } from './block';
import { checkBlockSize } from './rules/checkBlockSize';
import { anyBlock } from './testing/arbitraries';
import { newState, sampleBallot, sampleChild } from './testing/samples';
import { sampleEnrolment } from './testing/signedSamples';
import { refusalOf } from '../bytes/testing/refusalOf';
import { decodeTransaction, encodeTransaction, transactionId } from './transaction';

const golden = [enrolments, openings, ballots, closings].flatMap(({ valid }) =>
	valid.map(({ id, bytes }) => ({ id, bytes }))
);

function goldenWithId(id: string) {
	return decodeTransaction(hexToBytes(golden.find((transaction) => transaction.id === id)?.bytes ?? ''));
}

describe('the golden blocks', () => {
	it.each(vectors.valid)('height $header.height', ({ header, transactions, bytes, hash }) => {
		const block = {
			header: { ...header, nonce: BigInt(header.nonce), target: BigInt(`0x${header.target}`) },
			transactions: transactions.map(goldenWithId)
		} as unknown as Block;
		expect(bytesToHex(encodeBlock(block))).toBe(bytes);
		expect(decodeBlock(hexToBytes(bytes))).toEqual(block);
		expect(block.transactions.map(transactionId)).toEqual(transactions);
		expect(transactionsRoot(block.transactions)).toBe(header.merkleRoot);
		expect(workHashSync(encodeHeader(block.header))).toBe(hash);
	});

	it.each(vectors.refused)('refuses: $why', ({ bytes, code }) => {
		expect(refusalOf(() => decodeBlock(hexToBytes(bytes)))).toBe(code);
	});
});

describe('size', () => {
	it('is what blockLength says', () => {
		fc.assert(
			fc.property(anyBlock, (block) => {
				expect(encodeBlock(block).length).toBe(blockLength(block));
			})
		);
	});

	// A ballot has 290 bytes and its choices: 897 ballots of two choices and 101 choices more fill a block to the byte.
	function blockWith(moreChoices: number): Block {
		const choices = Array.from({ length: 897 }, () => [0, 0]);
		for (let i = 0; i < moreChoices; i++) choices[Math.floor(i / 60)]?.push(0);
		return sampleChild(
			newState(),
			choices.map((each, seed) => sampleBallot(seed, each))
		).block;
	}

	it('may be the limit', () => {
		const largest = blockWith(101);
		const bytes = encodeBlock(largest);
		expect(bytes.length).toBe(MAX_BLOCK_BYTES);
		expect(refusalOf(() => checkBlockSize(largest))).toBeUndefined();
		expect(decodeBlock(bytes).transactions.length).toBe(897);
	});

	it('must not be one byte more', () => {
		const tooLarge = blockWith(102);
		expect(blockLength(tooLarge)).toBe(MAX_BLOCK_BYTES + 1);
		expect(() => checkBlockSize(tooLarge)).toThrow(/262144 bytes/);
		expect(refusalOf(() => checkBlockSize(tooLarge))).toBe('oversized');
		expect(refusalOf(() => decodeBlock(encodeBlock(tooLarge)))).toBe('oversized');
	});

	it('is refused before decoding', () => {
		expect(refusalOf(() => decodeBlock(new Uint8Array(MAX_BLOCK_BYTES + 1)))).toBe('oversized');
		expect(refusalOf(() => decodeBlock(new Uint8Array(MAX_BLOCK_BYTES)))).toBe('bad-encoding');
	});

	it('counts signed transactions as well', () => {
		const { header } = blockWith(0);
		// 101 bytes each.
		const blockOf = (count: number): Block => ({
			header,
			transactions: Array(count).fill(sampleEnrolment(header.merkleRoot, 0))
		});
		expect(blockLength(blockOf(10))).toBe(HEADER_LENGTH + 2 + 1_010);
		expect(refusalOf(() => checkBlockSize(blockOf(1_000)))).toBeUndefined();
		expect(refusalOf(() => checkBlockSize(blockOf(1_001)))).toBe('oversized');
	});

	it('is at most 1,000 transactions, however short', () => {
		const { header } = blockWith(0);
		const crowd = { header, transactions: Array(1_001).fill(sampleBallot(1)) } as Block;
		expect(() => checkBlockSize(crowd)).toThrow(/1000 transactions/);
	});
});

describe('decodeBlock', () => {
	it('reads back what encodeBlock writes', () => {
		fc.assert(
			fc.property(anyBlock, (block) => {
				expect(decodeBlock(encodeBlock(block))).toEqual(block);
			})
		);
	});

	it('takes transactions that came before for what they are', () => {
		const ballots = [sampleBallot(1), sampleBallot(2, [1, 1])];
		const bytes = encodeBlock(sampleChild(newState(), ballots).block);
		const arrived = ballots.map((ballot) => decodeTransaction(encodeTransaction(ballot)));
		const { transactions } = decodeBlock(bytes);
		expect(transactions.map((transaction, index) => transaction === arrived[index])).toEqual([true, true]);
		const changed = decodeBlock(bytes.with(-1, bytes.at(-1)! ^ 1)).transactions;
		expect(changed[0]).toBe(arrived[0]);
		expect(changed[1]).not.toBe(arrived[1]);
	});

	it('remembers the bytes as they were, and only of a block that is as it was', () => {
		const { block } = sampleChild(newState(), [sampleBallot(1)]);
		const bytes = encodeBlock(block).slice();
		const buffer = bytes.slice();
		const decoded = decodeBlock(buffer);
		buffer.fill(0);
		expect(encodeBlock(decoded)).toEqual(bytes);
		expect(encodeBlock({ ...decoded })).toEqual(bytes);
		expect(encodeBlock({ ...decoded, transactions: [] })).toEqual(
			encodeBlock({ header: block.header, transactions: [] })
		);
	});

	it('refuses every cut', () => {
		const bytes = encodeBlock(sampleChild(newState(), [sampleBallot(1)]).block);
		for (let length = 0; length < bytes.length; length++) {
			expect(refusalOf(() => decodeBlock(bytes.subarray(0, length)))).toBe('bad-encoding');
		}
	});

	it('refuses every single-byte change, or shows it in the hash (header) or the Merkle root (transactions)', () => {
		const { block } = sampleChild(newState(), [sampleBallot(1), sampleBallot(2, [1, 1])]);
		const bytes = encodeBlock(block);
		const header = encodeHeader(block.header);
		for (let position = 0; position < bytes.length; position++) {
			for (const mask of [0x01, 0x80]) {
				const changed = bytes.map((byte, index) => (index === position ? byte ^ mask : byte));
				let decoded: Block;
				try {
					decoded = decodeBlock(changed);
				} catch (error) {
					expect(error).toHaveProperty('code');
					continue;
				}
				if (position < HEADER_LENGTH) {
					// The work hash is a hash over these very bytes, so it is enough that they differ.
					expect(bytesEqual(encodeHeader(decoded.header), header)).toBe(false);
				} else {
					expect(decoded.header).toEqual(block.header);
					// By their fields: the leaves of what was decoded are the bytes that were changed.
					const afresh = decoded.transactions.map((transaction) => ({ ...transaction }));
					expect(transactionsRoot(afresh)).not.toBe(block.header.merkleRoot);
				}
			}
		}
	});
});

describe('encodeBlock', () => {
	it('refuses fields that have no encoding', () => {
		const { block } = sampleChild(newState(), []);
		expect(refusalOf(() => encodeBlock({ ...block, header: { ...block.header, height: -1 } }))).toBe('bad-encoding');
		expect(refusalOf(() => encodeBlock({ ...block, transactions: [sampleBallot(1, [256])] }))).toBe('bad-encoding');
	});
});

describe('the root of the transactions', () => {
	it('is that of their encodings, also of those whose leaves are remembered, in any order', () => {
		fc.assert(
			fc.property(anyBlock, ({ transactions }) => {
				transactionsRoot(transactions);
				const turned = [...transactions, ...transactions.slice(0, 1)].toReversed();
				expect(transactionsRoot(turned)).toBe(merkleRoot(turned.map(encodeTransaction)));
			})
		);
	});
});
