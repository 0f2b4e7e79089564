import { describe, expect, it, vi } from 'vitest';
import type { ElectionId } from '../bytes/hash';
import { organiserKeyOf, votingCodeOf } from '../election/codeKeys';
import { encodeElection, type Election } from '../election/definition';
import { electionIdOf } from '../election/genesis';
import { publicKeyOf } from '../election/signing';
import { sampleElection } from '../election/testing/samples';
import { PollenError } from '../errors/pollenError';
import type { PollenNode } from '../node/api';
import { openMemoryWallet } from '../storage/memoryWallet';
import { organiserFile } from '../storage/organiserFile';
import type { StoredOrganiser, Wallet, WalletElection } from '../storage/port';
import { OrganiseDesk } from './organiseDesk.svelte';

const SECRET = new Uint8Array(32).fill(9);
const ELECTION = sampleElection({ organiser: publicKeyOf(organiserKeyOf(SECRET)) });

function recordsOf(election: Election): [StoredOrganiser, WalletElection] {
	const electionId = electionIdOf(election);
	const contacts = ['', 'Ann', ''].map((name, n) => ({ voterId: `V${n + 1}`, name, email: '' }));
	return [
		{ electionId, secret: SECRET, contacts, createdAt: 5 },
		{ electionId, title: election.title, definition: encodeElection(election), openedAt: 5 }
	];
}

function setUp({ election = ELECTION, wallet = openMemoryWallet() }: { election?: Election; wallet?: Wallet } = {}) {
	const electionId: ElectionId = electionIdOf(election);
	const node = {
		election,
		electionId,
		isOrganiser: vi.fn(async () => (await wallet.loadOrganiser(electionId)) !== undefined),
		openPoll: vi.fn<PollenNode['openPoll']>(() => Promise.resolve()),
		closePoll: vi.fn<PollenNode['closePoll']>(() => Promise.resolve())
	};
	return { node, wallet, electionId, desk: new OrganiseDesk(node, (task) => task(wallet)) };
}

const fileOf = (value: unknown) => new Blob([JSON.stringify(value)]);

async function organising() {
	const wallet = openMemoryWallet();
	await wallet.saveOrganiser(...recordsOf(ELECTION));
	const all = setUp({ wallet });
	await all.desk.load();
	return all;
}

describe('OrganiseDesk', () => {
	it('makes the invitations of the organiser, and nobody else’s', async () => {
		const { desk } = await organising();
		expect(desk.role).toBe('organiser');
		expect(desk.invitations.map(({ voterId, code }) => [voterId, code])).toEqual(
			['V1', 'V2', 'V3'].map((voterId) => [voterId, votingCodeOf(SECRET, voterId)])
		);
		const voter = setUp();
		expect(voter.desk.role).toBe('looking');
		await voter.desk.load();
		expect([voter.desk.role, voter.desk.invitations, voter.desk.backup()]).toEqual(['voter', [], undefined]);
	});

	it('says so when the election has no organiser', async () => {
		const { desk, node } = setUp({ election: sampleElection() });
		await desk.load();
		expect(desk.role).toBe('nobody');
		expect(node.isOrganiser).not.toHaveBeenCalled();
	});

	it('says why the wallet could not be read, and reads it when asked again', async () => {
		const { desk, node } = setUp();
		node.isOrganiser.mockRejectedValueOnce(new PollenError('storage-failed'));
		await desk.load();
		expect([desk.role, desk.problem]).toEqual(['looking', { at: 'key', code: 'storage-failed' }]);
		await desk.load();
		expect([desk.role, desk.problem]).toEqual(['voter', undefined]);
	});

	it('searches the voters', async () => {
		const { desk } = await organising();
		desk.sought = 'ann';
		expect(desk.found.map(({ voterId }) => voterId)).toEqual(['V2']);
		desk.sought = '';
		expect(desk.found).toHaveLength(3);
	});

	it('takes the role to another device by its backup', async () => {
		const backup = (await organising()).desk.backup();
		const { desk, wallet, electionId } = setUp();
		await desk.load();
		expect(await desk.restore(fileOf(backup))).toBe(true);
		expect([desk.role, desk.outcome]).toEqual(['organiser', 'restored']);
		expect(desk.invitations.map(({ name }) => name)).toEqual(['', 'Ann', '']);
		expect((await wallet.loadOrganiser(electionId))?.secret).toEqual(SECRET);
	});

	it('backs up the whole roll, also where the wallet lacks somebody', async () => {
		const wallet = openMemoryWallet();
		const [organiser, election] = recordsOf(ELECTION);
		await wallet.saveOrganiser({ ...organiser, contacts: organiser.contacts.slice(1, 2) }, election);
		const { desk } = setUp({ wallet });
		await desk.load();
		expect(await setUp().desk.restore(fileOf(desk.backup()))).toBe(true);
	});

	it.each([
		['of another election', fileOf(organiserFile(...recordsOf({ ...ELECTION, title: 'Other' }))), 'other-election'],
		['with something missing', fileOf({ format: 'pollen-organiser' }), 'bad-backup'],
		['of half a download', new Blob(['{"format":']), 'bad-backup'],
		['of binary junk', new Blob([new Uint8Array([0xff, 0, 0xfe])]), 'bad-backup']
	] as const)('refuses a file %s and changes nothing', async (_, file, code) => {
		const { desk, wallet, electionId } = setUp();
		await desk.load();
		expect(await desk.restore(file)).toBe(false);
		expect([desk.role, desk.problem]).toEqual(['voter', { at: 'restore', code }]);
		expect(await wallet.loadOrganiser(electionId)).toBeUndefined();
		expect(await wallet.listElections()).toEqual([]);
	});

	it('keeps the role it has when a file is refused', async () => {
		const { desk } = await organising();
		await desk.restore(fileOf({}));
		expect([desk.role, desk.invitations.length]).toEqual(['organiser', 3]);
	});

	it.each([
		['openPoll', 'open', 'group-too-small'],
		['closePoll', 'close', 'already-closed']
	] as const)('says why %s was refused, and forgets it with the next', async (method, at, code) => {
		const { desk, node } = await organising();
		node[method].mockRejectedValueOnce(new PollenError(code));
		expect(await desk[method]()).toBe(false);
		expect(desk.problem).toEqual({ at, code });
		expect(await desk[method]()).toBe(true);
		expect(desk.problem).toBeUndefined();
	});

	it('signs one closing, however often it is asked to meanwhile', async () => {
		const { desk, node } = await organising();
		await Promise.all([desk.closePoll(), desk.closePoll()]);
		expect(node.closePoll).toHaveBeenCalledTimes(1);
		expect(desk.busy).toBeUndefined();
	});
});
