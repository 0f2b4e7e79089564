import { describe, expect, it, vi } from 'vitest';
import type { ReceiptFile } from '../audit/receiptFile';
import type { Nullifier } from '../bytes/hash';
import { receiptCode } from '../election/receiptCode';
import { PollenError } from '../errors/pollenError';
import type { BallotPlace, BallotStatus, BallotView, PollenNode } from '../node/api';
import type { StoredReceipt } from '../storage/port';
import { ReceiptDesk } from './receiptDesk.svelte';

const FIRST = '1'.repeat(64) as Nullifier;
const SECOND = '2'.repeat(64) as Nullifier;
const ELSEWHERE = '3'.repeat(64) as Nullifier;
const PENDING: BallotPlace = { at: 'pending', peers: 2 };
const inBlock = (height: number) => ({ at: 'block', height, confirmations: 1, isFinal: false }) as BallotPlace;

function setUp() {
	const places = new Map<Nullifier, BallotPlace>();
	const stored = [
		{ nullifier: SECOND, voterId: 'BEN', choices: [1], castAt: 20 },
		{ nullifier: FIRST, voterId: 'ADA', choices: [0], castAt: 10 }
	] as unknown as StoredReceipt[];
	const node = {
		receipts: vi.fn<PollenNode['receipts']>(() => Promise.resolve([...stored])),
		ballotStatus: vi.fn<PollenNode['ballotStatus']>((nullifier) => {
			const place = places.get(nullifier);
			return Promise.resolve(place && ({ nullifier, receiptCode: receiptCode(nullifier), place } as BallotStatus));
		}),
		ballots: () => [{ nullifier: ELSEWHERE, choices: [2] }] as unknown as BallotView[],
		receiptFile: vi.fn<PollenNode['receiptFile']>()
	};
	return { node, places, stored, desk: new ReceiptDesk(node) };
}

describe('ReceiptDesk', () => {
	it('lists what was cast here in the order of casting, with where each ballot is', async () => {
		const { desk, places } = setUp();
		places.set(FIRST, inBlock(4)).set(SECOND, PENDING);
		await desk.refresh();
		expect(desk.receipts).toEqual([
			{ nullifier: FIRST, receiptCode: receiptCode(FIRST), isOwn: true, choices: [0], place: inBlock(4) },
			{ nullifier: SECOND, receiptCode: receiptCode(SECOND), isOwn: true, choices: [1], place: PENDING }
		]);
		expect(desk.votersHere).toEqual(['ADA', 'BEN']);
		expect(desk.open).toBeUndefined();
	});

	it('keeps the receipt that is being read up to date', async () => {
		const { desk, places } = setUp();
		places.set(FIRST, PENDING);
		await desk.show(FIRST);
		expect(desk.open).toMatchObject({ nullifier: FIRST, place: PENDING });
		places.set(FIRST, inBlock(7));
		await desk.refresh();
		expect(desk.open?.place).toEqual(inBlock(7));
		desk.hide();
		await desk.refresh();
		expect(desk.open).toBeUndefined();
	});

	it('reads a ballot cast elsewhere from the chain', async () => {
		const { desk, places } = setUp();
		places.set(ELSEWHERE, inBlock(2));
		await desk.show(ELSEWHERE);
		expect(desk.open).toMatchObject({ isOwn: false, choices: [2], place: inBlock(2) });
		expect(desk.receipts).toHaveLength(2);
	});

	it('says what this device cast, whatever counts instead', async () => {
		const { desk, places } = setUp();
		const replaced: BallotPlace = { at: 'replaced', choices: [2], height: 3 };
		places.set(FIRST, replaced);
		await desk.show(FIRST);
		expect(desk.open).toMatchObject({ choices: [0], place: replaced });
	});

	it('has no place for a ballot that nobody knows of', async () => {
		const { desk } = setUp();
		await desk.show(ELSEWHERE.replace('3', '4') as Nullifier);
		expect(desk.open).toMatchObject({ choices: undefined, place: undefined });
	});

	it('shows the newest choice of a reader who does not wait', async () => {
		const { desk, places } = setUp();
		places.set(FIRST, inBlock(1)).set(SECOND, inBlock(2));
		await Promise.all([desk.show(FIRST), desk.show(SECOND)]);
		expect(desk.open?.nullifier).toBe(SECOND);
	});

	it('makes the receipt file, or says why not', async () => {
		const { desk, node, places } = setUp();
		expect(await desk.file()).toBeUndefined();
		expect(node.receiptFile, 'nothing is open').not.toHaveBeenCalled();
		places.set(FIRST, PENDING);
		await desk.show(FIRST);
		node.receiptFile.mockRejectedValueOnce(new PollenError('bad-receipt'));
		expect(await desk.file()).toBeUndefined();
		expect(desk.problem).toBe('bad-receipt');
		const file = { receiptCode: receiptCode(FIRST) } as ReceiptFile;
		node.receiptFile.mockResolvedValueOnce(file);
		expect(await desk.file()).toBe(file);
		expect(node.receiptFile).toHaveBeenLastCalledWith(FIRST);
		expect(desk.problem).toBeUndefined();
	});

	it('keeps what it has when the wallet cannot be read', async () => {
		const { desk, node } = setUp();
		await desk.refresh();
		node.receipts.mockRejectedValueOnce(new PollenError('storage-failed'));
		await desk.refresh();
		expect(desk.receipts).toHaveLength(2);
		expect(desk.problem).toBe('storage-failed');
		await desk.refresh();
		expect(desk.problem).toBeUndefined();
	});
});
