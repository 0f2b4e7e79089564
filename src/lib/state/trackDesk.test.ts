import { beforeEach, describe, expect, it, vi } from 'vitest';
import { receiptFileOf, type ReceiptFile } from '../audit/receiptFile';
import type { BlockHash, ElectionId, Nullifier } from '../bytes/hash';
import { encodeHeader, type Header } from '../chain/header';
import { merkleRoot } from '../chain/merkle';
import { receiptCode } from '../election/receiptCode';
import { encodeTransaction, type Ballot } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import { subtleWorkHash } from '../mining/subtleWorkHash';
import type { BallotPlace, BallotStatus, BallotView, NodeSnapshot, PollenNode } from '../node/api';
import type { StoredReceipt } from '../storage/port';
import { TrackDesk } from './trackDesk.svelte';

const ELECTION = 'e'.repeat(64) as ElectionId;
const NULLIFIER = `${'0'.repeat(63)}7` as Nullifier;
const CODE = receiptCode(NULLIFIER);
const EASY = 2n ** 256n - 1n;

const ballot: Ballot = { kind: 'ballot', nullifier: NULLIFIER, choices: [1], proof: new Uint8Array(256) };
const header: Header = {
	nonce: 0n,
	version: 1,
	height: 4,
	previousHash: 'a'.repeat(64) as BlockHash,
	merkleRoot: merkleRoot([encodeTransaction(ballot)]),
	timestamp: 1_000,
	target: EASY
};
const blockHash = await subtleWorkHash(encodeHeader(header));
const file = receiptFileOf({
	electionId: ELECTION,
	title: 'Board',
	block: { header, transactions: [ballot] },
	blockHash,
	nullifier: NULLIFIER
});

const inBlock = (hash: string) =>
	({ at: 'block', height: 4, blockHash: hash, confirmations: 2, isFinal: false }) as BallotPlace;

let place: BallotPlace | undefined;
let stored: StoredReceipt[];
let node: { [Key in keyof PollenNode]?: unknown } & { ballotStatus: ReturnType<typeof vi.fn> };

beforeEach(() => {
	place = inBlock(blockHash);
	stored = [];
	node = {
		electionId: ELECTION,
		findBallot: (code: string) => (code === CODE && place?.at === 'block' ? NULLIFIER : undefined),
		ballotStatus: vi.fn((nullifier: Nullifier) =>
			Promise.resolve(place && ({ nullifier, receiptCode: receiptCode(nullifier), place } as BallotStatus))
		),
		ballots: () => [{ nullifier: NULLIFIER, choices: [1] }] as unknown as BallotView[],
		snapshot: () => ({ pending: [] }) as unknown as NodeSnapshot,
		receipts: () => Promise.resolve(stored)
	};
});

const makeDesk = () => new TrackDesk(node as unknown as PollenNode);

async function find(typed: string): Promise<TrackDesk> {
	const desk = makeDesk();
	desk.typed = typed;
	await desk.find();
	return desk;
}

async function check(changed: object): Promise<TrackDesk> {
	const desk = makeDesk();
	await desk.check(JSON.stringify(changed));
	return desk;
}

const failed = ({ sought }: TrackDesk) =>
	sought?.kind === 'file' ? sought.report.checks.filter(({ problem }) => problem).map(({ check }) => check) : undefined;

describe('TrackDesk, by code', () => {
	it.each([CODE, CODE.toLowerCase(), CODE.replaceAll('-', ''), `  ${CODE.replaceAll('-', ' – ')} `])(
		'finds a ballot by "%s"',
		async (typed) => {
			const desk = await find(typed);
			expect(desk.ballot).toEqual({ receiptCode: CODE, choices: [1], place });
			expect(desk.sought).toEqual({ kind: 'code', receiptCode: CODE });
		}
	);

	it('says that a ballot is not there', async () => {
		const desk = await find('0000-0000-0000');
		expect(desk).toMatchObject({ ballot: undefined, sought: { receiptCode: '0000-0000-0000' }, problem: undefined });
	});

	it.each(['', 'ABCD', `${CODE}0`, 'U000-0000-0000', 'my ballot'])('takes "%s" for no receipt code', async (typed) => {
		const desk = await find(typed);
		expect(desk).toMatchObject({ sought: undefined, problem: { at: 'code', code: 'no-receipt-code' } });
		expect(node.ballotStatus).not.toHaveBeenCalled();
		desk.typed = CODE;
		expect(desk.problem).toBeUndefined();
	});

	it('knows a ballot of this device that no chain holds', async () => {
		place = { at: 'late' };
		stored = [{ nullifier: NULLIFIER } as StoredReceipt];
		expect((await find(CODE)).ballot?.place).toEqual({ at: 'late' });
	});

	it('keeps up with the chain', async () => {
		const desk = await find(CODE);
		place = { ...(place as Extract<BallotPlace, { at: 'block' }>), confirmations: 9 };
		await desk.refresh();
		expect(desk.ballot?.place).toMatchObject({ confirmations: 9 });
	});

	it('answers the newest question, whichever answer comes first', async () => {
		const desk = makeDesk();
		let answer: (status: unknown) => void = () => {};
		node.ballotStatus.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
		desk.typed = CODE;
		const first = desk.find();
		desk.typed = '0000-0000-0000';
		await desk.find();
		answer({ nullifier: NULLIFIER, receiptCode: CODE, place });
		await first;
		expect(desk).toMatchObject({ ballot: undefined, sought: { receiptCode: '0000-0000-0000' } });
	});

	it('says when the wallet cannot be read', async () => {
		node.receipts = () => Promise.reject(new PollenError('storage-failed'));
		expect((await find('0000-0000-0000')).problem).toEqual({ at: 'code', code: 'storage-failed' });
	});
});

describe('TrackDesk, by file', () => {
	it('confirms a receipt by itself and by the chain', async () => {
		const desk = await check(file);
		expect(failed(desk)).toEqual([]);
		expect(desk.verdict).toBe('stands');
	});

	it('checks a receipt by itself where the chain knows nothing of it', async () => {
		place = undefined;
		const desk = await check(file);
		expect(failed(desk)).toEqual([]);
		expect(desk.verdict).toBe('unknown');
	});

	it.each([
		['moved', inBlock('c'.repeat(64))],
		['not-recorded', { at: 'pending', peers: 1 }],
		['not-recorded', { at: 'late' }]
	] as [string, BallotPlace][])('says that it is %s', async (verdict, now) => {
		place = now;
		expect((await check(file)).verdict).toBe(verdict);
	});

	it('tells a receipt of another election', async () => {
		expect((await check({ ...file, electionId: 'd'.repeat(64) })).verdict).toBe('other-election');
	});

	it.each([
		['receipt-code', { ...file, receiptCode: '0000-0000-0000' }],
		['inclusion', { ...file, ballot: { ...file.ballot, choices: [0] } as ReceiptFile['ballot'] }],
		['block-hash', { ...file, block: { ...file.block, hash: 'c'.repeat(64) } }]
	])('names the check that a tampered file fails: %s', async (name, tampered) => {
		expect(failed(await check(tampered))).toContain(name);
	});

	it.each(['', 'not JSON', '{}', JSON.stringify(file).slice(0, 500)])('refuses junk: %s', async (text) => {
		const desk = makeDesk();
		await desk.check(text);
		expect(desk).toMatchObject({ sought: undefined, verdict: undefined, problem: { at: 'file', code: 'bad-receipt' } });
	});
});
