import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import type { BlockHash, Hash } from '../bytes/hash';
import { merkleRoot } from '../chain/merkle';
import type { Ballot } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import { checkReceipt, isOnChain } from './checkReceipt';
import { parseReceiptFile, receiptFileOf, type ReceiptFile } from './receiptFile';
import type { SampleChain } from './testing/sampleRecord';
import { enrolmentChain, enrolmentSample, instantWorkSync } from './testing/sampleRecord';
import { at, leavesOf, nudged, tampered } from './testing/tamper';

const TOOLS = { workHash: (header: Uint8Array) => Promise.resolve(instantWorkSync(header)) };

let chain: SampleChain;
let ballots: readonly Ballot[];
let receipt: ReceiptFile;

function receiptAt(height: number, { nullifier }: Ballot): ReceiptFile {
	const { block, hash } = chain.blocks[height]!;
	const { electionId, election } = chain;
	return receiptFileOf({ electionId, title: election.title, block, blockHash: hash, nullifier });
}

beforeAll(async () => {
	const sample = await enrolmentSample(fakeProofs());
	ballots = sample.ballots;
	chain = enrolmentChain(sample);
	receipt = receiptAt(4, ballots[1]!);
});

/** How a receipt is refused, or which checks it fails. */
async function verdictOn(text: string): Promise<string[]> {
	let parsed: ReceiptFile;
	try {
		parsed = parseReceiptFile(text);
	} catch (error) {
		if (!(error instanceof PollenError)) throw error;
		return [`refused ${error.code}`];
	}
	const { valid, checks } = await checkReceipt(parsed, TOOLS);
	const failed = checks.filter(({ problem }) => problem !== undefined).map(({ check }) => check);
	expect(valid).toBe(failed.length === 0);
	return failed;
}

describe('a receipt', () => {
	it('holds by itself, for every ballot on the chain', async () => {
		for (const [height, voter] of [
			[4, 0],
			[4, 1],
			[6, 2]
		] as const) {
			const file = receiptAt(height, ballots[voter]!);
			expect(file).toMatchObject({
				block: { height, hash: chain.blocks[height]!.hash },
				inclusion: { index: voter % 2 }
			});
			expect(parseReceiptFile(JSON.stringify(file))).toEqual(file);
			expect(await verdictOn(JSON.stringify(file))).toEqual([]);
		}
	});

	it('is not made for a ballot that the block does not hold', () => {
		expect(() => receiptAt(4, ballots[2]!)).toThrow(expect.objectContaining({ code: 'bad-receipt' }));
		expect(() => receiptAt(5, ballots[0]!)).toThrow(expect.objectContaining({ code: 'bad-receipt' }));
	});

	it('says nothing of who voted', () => {
		const text = JSON.stringify(receipt);
		for (const { voterId, key } of chain.election.roll) {
			expect(text).not.toContain(`"${voterId}"`);
			expect(text).not.toContain(key);
		}
	});

	it('is on its own chain, and on no other', () => {
		const hashAt = (height: number) => chain.blocks[height]?.hash;
		expect(isOnChain(receipt, hashAt)).toBe(true);
		expect(isOnChain(receipt, () => undefined)).toBe(false);
		expect(isOnChain(receipt, (height) => hashAt(height + 1))).toBe(false);
		expect(isOnChain(tampered(receipt, 'block.hash', nudged(receipt.block.hash)), hashAt)).toBe(false);
	});
});

describe('a receipt in which one field was changed', () => {
	const FIELDS: readonly (readonly [path: string, value: (old: never) => unknown, verdict: readonly string[]])[] = [
		['format', () => 'pollen-record', ['refused bad-receipt']],
		['version', () => 2, ['refused bad-receipt']],
		// Nothing in a header says which election it is of: whether it is on that one's chain, the chain has to say.
		['electionId', nudged, []],
		['title', () => 'Another', []],
		['receiptCode', () => 'AAAA-AAAA-AAAA', ['receipt-code']],
		['nullifier', nudged, ['receipt-code', 'ballot']],
		['ballot.id', nudged, ['ballot']],
		['ballot.kind', () => 'closing', ['refused bad-receipt']],
		['ballot.nullifier', nudged, ['ballot', 'inclusion']],
		['ballot.choices.0', () => 1, ['ballot', 'inclusion']],
		['ballot.choices.1', () => 1, ['ballot', 'inclusion']],
		['ballot.proof', nudged, ['ballot', 'inclusion']],
		['block.hash', nudged, ['block-hash']],
		['block.height', () => 5, ['block-hash']],
		['block.previousHash', nudged, ['block-hash']],
		['block.merkleRoot', nudged, ['block-hash', 'inclusion']],
		['block.timestamp', () => 1, ['block-hash']],
		['block.target', () => '0'.repeat(63) + '1', ['block-hash', 'work']],
		['block.nonce', () => '12345', ['block-hash']],
		['block.version', () => 2, ['block-hash']],
		['inclusion.index', () => 0, ['inclusion']],
		['inclusion.leaves', () => 3, ['inclusion']],
		['inclusion.path.0', nudged, ['inclusion']]
	];

	it.each(FIELDS)('%s', async (path, change, verdict) => {
		const changed = tampered(receipt, path, change(at(receipt, path) as never));
		expect(await verdictOn(JSON.stringify(changed))).toEqual(verdict);
	});

	it('has no other fields than these, and none may be missing', async () => {
		expect(leavesOf(receipt)).toEqual(FIELDS.map(([path]) => path));
		for (const path of leavesOf(receipt).filter((path) => !/\.\d+$/.test(path))) {
			expect(await verdictOn(JSON.stringify(tampered(receipt, path, undefined)))).toEqual(['refused bad-receipt']);
		}
	});

	it.each([
		['a longer path', 'inclusion.path', () => [...receipt.inclusion.path, receipt.nullifier], 'inclusion'],
		['no path', 'inclusion.path', () => [], 'inclusion'],
		[
			'a path beyond all blocks',
			'inclusion.path',
			() => Array<Hash>(11).fill(receipt.nullifier),
			'refused bad-receipt'
		],
		['a closing for a ballot', 'ballot', () => chain.record().blocks[7]!.transactions[0], 'refused bad-receipt'],
		['transactions', 'block', () => ({ ...receipt.block, transactions: [] }), 'refused bad-receipt'],
		['no block', 'block', () => null, 'refused bad-receipt']
	])('%s', async (_, path, value, verdict) => {
		expect(await verdictOn(JSON.stringify(tampered(receipt, path, value())))).toEqual([verdict]);
	});

	it('proves nothing about a tree of another root', async () => {
		const block = { ...receipt.block, merkleRoot: merkleRoot([]) };
		expect(await verdictOn(JSON.stringify({ ...receipt, block }))).toEqual(['block-hash', 'inclusion']);
	});

	it.each(['', 'junk', '\0\0\0', '{"format":"pollen-receipt","version":1', 'null', '[]', ' '.repeat(65_537)])(
		'refuses what is no receipt',
		async (text) => {
			expect(await verdictOn(text)).toEqual(['refused bad-receipt']);
		}
	);

	it('is refused, fails a check, or is for the same ballot in the same block, whatever character was changed', async () => {
		const text = JSON.stringify(receipt);
		const proven = ({ ballot, block }: ReceiptFile): readonly [unknown, BlockHash] => [ballot, block.hash];
		await fc.assert(
			fc.asyncProperty(fc.nat(text.length - 1), fc.string({ minLength: 0, maxLength: 1 }), async (index, character) => {
				const changed = text.slice(0, index) + character + text.slice(index + 1);
				const verdict = await verdictOn(changed);
				if (verdict.length === 0) expect(proven(parseReceiptFile(changed))).toEqual(proven(receipt));
			}),
			{ numRuns: 500 }
		);
	});
});
