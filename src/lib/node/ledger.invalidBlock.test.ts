import { describe, expect, it } from 'vitest';
import {
	addHeaders,
	diskImage,
	LedgerHarness,
	refusalOf,
	stateOf,
	type MinedBlock,
	type OpenLedger
} from '../../../tests/support/ledgerHarness';
import { ZERO_HASH, type Nullifier } from '../bytes/hash';
import { MAX_FUTURE_MS } from '../chain/checkHeader';
import { encodeHeader } from '../chain/header';
import { meetsTarget } from '../chain/work';
import { sha256Hash } from '../bytes/sha256';
import { decodeBlock, encodeBlock, MAX_BLOCK_TRANSACTIONS } from '../election/block';
import type { Ballot } from '../election/transaction';
import type { ErrorCode } from '../errors/pollenError';

/** A ledger that holds a chain of three blocks with ballots of voters 0 and 1; that of voter 4 is pending. */
interface Scene {
	readonly harness: LedgerHarness;
	readonly chain: readonly [MinedBlock, MinedBlock, MinedBlock];
	readonly tip: MinedBlock;
	readonly opened: OpenLedger;
}

async function scene(changes: ConstructorParameters<typeof LedgerHarness>[0] = {}): Promise<Scene> {
	const harness = new LedgerHarness(changes);
	const chain = harness.mineChain(harness.genesis, 3, await harness.ballots(2)) as never as Scene['chain'];
	const opened = await harness.openWith(chain);
	await opened.ledger.addTransaction(await harness.ballot(4), 'strict');
	return { harness, chain, tip: chain[2], opened };
}

/** Everything that a refused block must leave as it is. */
function everything({ ledger, disk }: OpenLedger) {
	return { state: stateOf(ledger), disk: diskImage(disk), best: ledger.core.bodies.best.hash };
}

type Spoil = (scene: Scene, ballot: Ballot) => MinedBlock | Promise<MinedBlock>;

function spoiltBallot(change: (ballot: Ballot) => Ballot): Spoil {
	return ({ harness, tip }, ballot) => harness.mine(tip, [change(ballot)]);
}

/** Each is a valid block but for one field; work, Merkle root and all else fit the changed field where they can. */
const SPOILT: readonly (readonly [field: string, code: ErrorCode, spoil: Spoil])[] = [
	['version', 'bad-encoding', ({ harness, tip }, ballot) => harness.mine(tip, [ballot], { version: 2 })],
	['height, too low', 'bad-height', ({ harness, tip }, ballot) => harness.mine(tip, [ballot], { height: 3 })],
	['height, too high', 'bad-height', ({ harness, tip }, ballot) => harness.mine(tip, [ballot], { height: 5 })],
	[
		'previousHash, of nothing known',
		'unknown-parent',
		({ harness, tip }, ballot) => harness.mine(tip, [ballot], { previousHash: ZERO_HASH })
	],
	[
		'previousHash, of another block',
		'bad-height',
		({ harness, tip, chain }, ballot) => harness.mine(tip, [ballot], { previousHash: chain[0].hash })
	],
	[
		'merkleRoot',
		'bad-merkle-root',
		({ harness, tip }, ballot) => harness.mine(tip, [ballot], { merkleRoot: tip.hash })
	],
	[
		'timestamp, not after the parent',
		'bad-time',
		({ harness, tip }, ballot) => harness.mine(tip, [ballot], { timestamp: tip.header.timestamp })
	],
	[
		'timestamp, ahead of the clock',
		'future-time',
		({ harness, tip }, ballot) => harness.mine(tip, [ballot], { timestamp: harness.clock.now() + MAX_FUTURE_MS + 1 })
	],
	[
		'target, lower',
		'bad-target',
		({ harness, tip }, ballot) => harness.mine(tip, [ballot], { target: tip.header.target - 1n })
	],
	[
		'target, higher',
		'bad-target',
		({ harness, tip }, ballot) => harness.mine(tip, [ballot], { target: 2n ** 256n - 1n })
	],
	['nonce', 'bad-work', ({ harness, tip }, ballot) => withoutWork(harness.mine(tip, [ballot]))],
	['choices, another option', 'bad-proof', spoiltBallot((ballot) => ({ ...ballot, choices: [2] }))],
	['choices, no such option', 'unknown-option', spoiltBallot((ballot) => ({ ...ballot, choices: [3] }))],
	['choices, one too many', 'unknown-option', spoiltBallot((ballot) => ({ ...ballot, choices: [0, 0] }))],
	['choices, none at all', 'no-choice', spoiltBallot((ballot) => ({ ...ballot, choices: [255] }))],
	['proof', 'bad-proof', spoiltBallot((ballot) => ({ ...ballot, proof: ballot.proof.map((byte) => byte ^ 1) }))],
	['nullifier', 'bad-proof', spoiltBallot((ballot) => ({ ...ballot, nullifier: `0${'1'.repeat(63)}` as Nullifier }))],
	[
		'nullifier, twice in the block',
		'duplicate-nullifier',
		async ({ harness, tip }, ballot) => harness.mine(tip, [ballot, await harness.ballot(2, [2])])
	],
	[
		'nullifier, on the chain already',
		'duplicate-nullifier',
		async ({ harness, tip }) => harness.mine(tip, [await harness.ballot(0, [2])])
	],
	[
		'number of transactions',
		'oversized',
		({ harness, tip }, ballot) => harness.mine(tip, Array<Ballot>(MAX_BLOCK_TRANSACTIONS + 1).fill(ballot))
	],
	['size', 'oversized', ({ harness, tip }, ballot) => harness.mine(tip, Array<Ballot>(901).fill(ballot))]
];

/** The same block with a nonce that does not meet its target. */
function withoutWork({ block, parent }: MinedBlock): MinedBlock {
	for (let nonce = 0n; ; nonce++) {
		const header = { ...block.header, nonce };
		const hash = sha256Hash(encodeHeader(header));
		if (!meetsTarget(hash, header.target)) return { hash, header, parent, block: { ...block, header } };
	}
}

describe('a block that is valid but for its', () => {
	it.each(SPOILT)('%s is refused with %s and changes nothing', async (_, code, spoil) => {
		const play = await scene({ changes: { initialDifficulty: 16 } });
		const { harness, tip, opened } = play;
		const { ledger, commits } = opened;
		const ballot = await harness.ballot(2, [1]);
		const bad = await spoil(play, ballot);
		const before = everything(opened);
		const written = commits.length;

		expect(await refusalOf(ledger.addBlock(bad.block))).toBe(code);
		expect(everything(opened)).toEqual(before);
		expect(commits).toHaveLength(written);
		expect(await refusalOf(ledger.addBlock(bad.block))).toMatch(new RegExp(`^(${code}|invalid-parent)$`));
		expect(await refusalOf(ledger.addBlock(harness.mine(bad).block))).toMatch(/^(invalid|unknown)-parent$/);
		expect(everything(opened)).toEqual(before);

		// It was the spoilt field alone.
		expect(await ledger.addBlock(harness.mine(tip, [ballot]).block)).toBe('connected');
	});

	it.each([
		['opening of the poll', { opensAt: '1970-01-01T00:00:10.000Z' }, 9_999, 'poll-not-open'],
		['closing of the poll', { closesAt: '1970-01-01T00:00:10.000Z' }, 10_001, 'poll-closed']
	] as const)('time before or after the %s is refused', async (_, changes, timestamp, code) => {
		const harness = new LedgerHarness({ changes });
		const opened = await harness.open();
		const before = everything(opened);
		const ballot = await harness.ballot(0);
		const bad = harness.mine(harness.genesis, [ballot], { timestamp });
		expect(await refusalOf(opened.ledger.addBlock(bad.block))).toBe(code);
		expect(everything(opened)).toEqual(before);
		const empty = harness.mine(harness.genesis, [], { timestamp });
		expect(await opened.ledger.addBlock(empty.block)).toBe('connected');
	});
});

describe('what builds on an invalid block', () => {
	it('is invalid too, whether it comes as a block or as a header, and at whatever distance', async () => {
		const { harness, tip, opened } = await scene();
		const bad = harness.mine(tip, [{ ...(await harness.ballot(2)), choices: [2] }]);
		const child = harness.mine(bad);
		await refusalOf(opened.ledger.addBlock(bad.block));
		expect(await refusalOf(opened.ledger.addBlock(child.block))).toBe('invalid-parent');
		expect(await refusalOf(addHeaders(opened.ledger, [child.header]))).toBe('invalid-parent');
		expect(await refusalOf(addHeaders(opened.ledger, [bad.header]))).toBe('invalid-parent');
	});

	it('is thrown out with it when it came first, also from the disk', async () => {
		const { harness, tip, opened } = await scene();
		const { ledger } = opened;
		const before = everything(opened);
		const bad = harness.mine(tip, [{ ...(await harness.ballot(2)), choices: [2] }]);
		const children = harness.mineChain(bad, 2);
		await addHeaders(
			ledger,
			[bad, ...children].map(({ header }) => header)
		);
		for (const { block } of children) expect(await ledger.addBlock(block)).toBe('stored');
		expect(opened.disk.elections.get(harness.electionId)?.blocks.size).toBe(5);
		expect(await refusalOf(ledger.addBlock(bad.block))).toBe('bad-proof');
		expect(everything(opened)).toEqual(before);
		expect(ledger.core.tree.best.hash).toBe(tip.hash);
	});

	it('learns so when all come at once, and the valid blocks before them are kept', async () => {
		const { harness, tip, opened } = await scene();
		const good = harness.mine(tip);
		const bad = harness.mine(good, [{ ...(await harness.ballot(2)), choices: [2] }]);
		const child = harness.mine(bad);
		const offers = [good, bad, child].map(({ block }) => refusalOf(opened.ledger.addBlock(block)));
		expect(await Promise.all(offers)).toEqual([undefined, 'bad-proof', 'invalid-parent']);
		expect(opened.ledger.core.tip.hash).toBe(good.hash);
	});
});

it('a block that is too large is not even kept beside the main chain', async () => {
	const { harness, chain, opened } = await scene();
	const before = everything(opened);
	const large = harness.mine(chain[0], Array<Ballot>(901).fill(await harness.ballot(2)));
	expect(await refusalOf(opened.ledger.addBlock(large.block))).toBe('oversized');
	expect(everything(opened)).toEqual(before);
});

it('a block ahead of the clock is taken when its time has come', async () => {
	const { harness, tip, opened } = await scene();
	const early = harness.mine(tip, [], { timestamp: harness.clock.now() + MAX_FUTURE_MS + 500 });
	expect(await refusalOf(opened.ledger.addBlock(early.block))).toBe('future-time');
	harness.clock.advance(500);
	expect(await opened.ledger.addBlock(early.block)).toBe('connected');
});

it('a changed byte anywhere in a block is refused and changes nothing', async () => {
	const harness = new LedgerHarness({ changes: { initialDifficulty: 16_384 } });
	const [first, second] = [await harness.ballot(0), await harness.ballot(1, [1])];
	const parent = harness.mine(harness.genesis, [await harness.ballot(2)]);
	const valid = harness.mine(parent, [first, second]);
	const bytes = encodeBlock(valid.block);
	const opened = await harness.openWith([parent]);
	const holder = await harness.openWith([parent, valid]);
	const before = [everything(opened), everything(holder)];
	const offer = async (changed: Uint8Array, { ledger }: OpenLedger) => ledger.addBlock(decodeBlock(changed));
	for (let position = 0; position < bytes.length; position++) {
		const changed = bytes.slice();
		changed[position] = (changed[position] ?? 0) ^ (position % 2 === 0 ? 1 : 0x80);
		// Work stands for the header and, through the root, for all the rest; so another code would be luck.
		expect(await refusalOf(offer(changed, opened)), `byte ${position}`).toMatch(/^bad-|^unknown-parent|^oversized/);
		expect(await refusalOf(offer(changed, holder)), `byte ${position}`).toBeDefined();
		if (position % 16 === 0) expect([everything(opened), everything(holder)]).toEqual(before);
	}
	expect([everything(opened), everything(holder)]).toEqual(before);
	for (const length of [0, 1, 116, 117, 118, 119, bytes.length - 1]) {
		expect(await refusalOf(offer(bytes.slice(0, length), opened))).toBe('bad-encoding');
	}
	expect(await offer(bytes, opened)).toBe('connected');
});
