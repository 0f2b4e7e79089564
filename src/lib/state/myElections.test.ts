import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ElectionId } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import type { StoredCredential, Wallet, WalletEntry } from '../storage/port';
import vectors from '../../../tests/vectors/organiser-file.json' with { type: 'json' };
import { MyElections, type Keeper } from './myElections.svelte';

const ID = 'a'.repeat(64) as ElectionId;

const BACKUP = vectors.cases[0]!.file;

const ENTRY: WalletEntry = {
	electionId: ID,
	title: 'Club',
	openedAt: 5,
	isOrganiser: false,
	credentials: ['A/7'],
	receipts: 1
};

const CREDENTIAL = {
	electionId: ID,
	voterId: 'A/7',
	key: new Uint8Array(32).fill(7),
	commitment: 'b'.repeat(64),
	enrolment: new Uint8Array(101).fill(1),
	createdAt: 9
} as StoredCredential;

function setUp(entries: WalletEntry[] = [ENTRY]) {
	const wallet = {
		listElections: vi.fn<Wallet['listElections']>(() => Promise.resolve([...entries])),
		loadCredential: vi.fn<Wallet['loadCredential']>(() => Promise.resolve(CREDENTIAL)),
		loadOrganiser: vi.fn<Wallet['loadOrganiser']>(() => Promise.resolve(undefined)),
		loadElection: vi.fn<Wallet['loadElection']>(() => Promise.resolve(undefined)),
		saveOrganiser: vi.fn<Wallet['saveOrganiser']>(() => Promise.resolve())
	};
	const leaveElection = vi.fn<Keeper['leaveElection']>((electionId) => {
		entries.splice(0, entries.length, ...entries.filter((entry) => entry.electionId !== electionId));
		return Promise.resolve();
	});
	const mine = new MyElections({ withWallet: (task) => task(wallet as unknown as Wallet), leaveElection });
	return { mine, wallet, leaveElection };
}

describe('MyElections', () => {
	beforeEach(() => vi.stubGlobal('reportError', vi.fn()));
	afterEach(() => vi.unstubAllGlobals());

	it('lists what the wallet knows', async () => {
		const { mine } = setUp();
		expect(mine.entries).toEqual([]);
		await mine.load();
		expect(mine).toMatchObject({ entries: [ENTRY], problem: undefined });
	});

	it('says when the wallet cannot be read, and keeps what was there', async () => {
		const { mine, wallet } = setUp();
		await mine.load();
		wallet.listElections.mockRejectedValueOnce(new PollenError('storage-failed'));
		await mine.load();
		expect(mine).toMatchObject({ entries: [ENTRY], problem: 'storage-failed' });
		await mine.load();
		expect(mine.problem).toBeUndefined();
	});

	it('is shorter by an election that was left', async () => {
		const other = { ...ENTRY, electionId: 'c'.repeat(64) as ElectionId };
		const { mine, leaveElection } = setUp([ENTRY, other]);
		await mine.load();
		expect(await mine.leave(ID)).toBe(true);
		expect(leaveElection).toHaveBeenCalledExactlyOnceWith(ID);
		expect(mine.entries).toEqual([other]);
	});

	it('keeps an election that could not be left', async () => {
		const { mine, leaveElection } = setUp();
		await mine.load();
		leaveElection.mockRejectedValue(new PollenError('storage-failed'));
		expect(await mine.leave(ID)).toBe(false);
		expect(mine).toMatchObject({ entries: [ENTRY], problem: 'storage-failed' });
	});

	it('hands out a credential as a file that can be read back, under a name that is no path', async () => {
		const { mine, wallet } = setUp();
		const file = await mine.credentialBackup(ENTRY, 'A/7');
		expect(wallet.loadCredential).toHaveBeenCalledWith(ID, 'A/7');
		expect(file?.fileName).toBe('pollen-credential-aaaaaaaaaaaa-A_7.json');
		expect(file?.content).toMatchObject({ electionId: ID, voterId: 'A/7', title: 'Club' });
	});

	it('makes no file of what is not there', async () => {
		const { mine, wallet } = setUp();
		expect(await mine.organiserBackup(ENTRY)).toBeUndefined();
		expect(mine.problem).toBe('not-organiser');
		wallet.loadCredential.mockResolvedValue(undefined);
		expect(await mine.credentialBackup(ENTRY, 'B')).toBeUndefined();
		expect(mine.problem).toBe('not-enrolled');
	});

	it('restores the organiser from a backup, and from nothing else', async () => {
		const { mine, wallet } = setUp();
		const file = JSON.stringify(BACKUP);
		for (const broken of ['', 'PK\u0003', file.slice(0, -9), file.replace('"version":1', '"version":2')]) {
			expect(await mine.restoreOrganiser(new Blob([broken]))).toBeUndefined();
			expect(mine).toMatchObject({ restoreProblem: 'bad-backup', problem: undefined });
		}
		expect(wallet.saveOrganiser).not.toHaveBeenCalled();
		expect(await mine.restoreOrganiser(new Blob([file]))).toBe(BACKUP.electionId);
		expect(mine.restoreProblem).toBeUndefined();
		expect(wallet.saveOrganiser).toHaveBeenCalledOnce();
	});
});
