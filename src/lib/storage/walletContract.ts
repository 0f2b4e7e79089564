import type { ElectionId, Hash } from '../bytes/hash';
import { ELECTION_A, ELECTION_B, hash, receipt, refuses, same, type StorageContractCase } from './contractCase';
import type { StoredCredential, StoredOrganiser, Wallet, WalletElection } from './port';

/** What is asked of wallets. Two wallets of a harness are two tabs of one browser profile. */
export const walletContract: readonly StorageContractCase[] = [
	{
		name: 'a new wallet is empty',
		run: withWallets(async (wallet) => {
			same(await wallet.loadReceipts(ELECTION_A), [], 'receipts');
			same(await wallet.loadElection(ELECTION_A), undefined, 'election');
			same(await wallet.listElections(), [], 'elections');
			same(await wallet.loadCredential(ELECTION_A, 'V1'), undefined, 'credential');
			same(await wallet.loadCredentials(ELECTION_A), [], 'credentials');
			same(await wallet.loadOrganiser(ELECTION_A), undefined, 'organiser');
			same(await wallet.loadDraft(), undefined, 'draft');
			await wallet.forgetElection(ELECTION_A);
			await wallet.deleteDraft();
		})
	},
	{
		name: 'receipts are kept by election in order of casting, and one nullifier has one',
		async run(harness) {
			const wallet = harness.openWallet();
			await wallet.saveReceipt(receipt(ELECTION_A, 'd1', 20));
			await wallet.saveReceipt(receipt(ELECTION_A, 'd2', 10));
			await wallet.saveReceipt(receipt(ELECTION_B, 'd1', 15));
			await wallet.saveReceipt({ ...receipt(ELECTION_A, 'd1', 20), voterId: 'VOID002' });
			const expected = [receipt(ELECTION_A, 'd2', 10), { ...receipt(ELECTION_A, 'd1', 20), voterId: 'VOID002' }];
			same(await wallet.loadReceipts(ELECTION_A), expected, 'receipts of A');
			same(await wallet.loadReceipts(ELECTION_B), [receipt(ELECTION_B, 'd1', 15)], 'receipts of B');
			wallet.close();
			const again = harness.openWallet();
			same(await again.loadReceipts(ELECTION_A), expected, 'receipts after reopening');
			again.close();
		}
	},
	{
		name: 'the list has the latest opened first, and what each tab made of it',
		run: withWallets(async (mine, theirs) => {
			await mine.saveElection(election(ELECTION_A, 1));
			await theirs.saveOrganiser(organiser(ELECTION_B), election(ELECTION_B, 2));
			await mine.keepCredential(credential(ELECTION_A, 'V2'));
			await theirs.keepCredential(credential(ELECTION_A, 'V1'));
			await mine.saveReceipt(receipt(ELECTION_B, 'd1', 1));
			await mine.saveReceipt(receipt(ELECTION_B, 'd2', 2));
			const a = {
				electionId: ELECTION_A,
				title: 'Election 1',
				isOrganiser: false,
				credentials: ['V1', 'V2'],
				receipts: 0
			};
			const b = { electionId: ELECTION_B, title: 'Election 2', isOrganiser: true, credentials: [], receipts: 2 };
			same(
				await mine.listElections(),
				[
					{ ...b, openedAt: 2 },
					{ ...a, openedAt: 1 }
				],
				'elections'
			);
			await mine.saveElection({ ...election(ELECTION_A, 1), openedAt: 3 });
			same(
				await theirs.listElections(),
				[
					{ ...a, openedAt: 3 },
					{ ...b, openedAt: 2 }
				],
				'after opening A again'
			);
		})
	},
	{
		name: 'what belongs to an election that was never noted is kept, but not listed',
		run: withWallets(async (wallet) => {
			await wallet.keepCredential(credential(ELECTION_A, 'V1'));
			await wallet.saveReceipt(receipt(ELECTION_A, 'd1', 1));
			same(await wallet.listElections(), [], 'elections');
			await wallet.saveElection(election(ELECTION_A, 1));
			same((await wallet.listElections())[0]?.credentials, ['V1'], 'credentials');
		})
	},
	{
		name: 'everything is read back byte for byte by another tab and after reopening, also from a window into a larger buffer',
		async run(harness) {
			const frame = Uint8Array.from({ length: 4096 }, (_, i) => i % 251);
			const given = {
				election: { ...election(ELECTION_A, 1), definition: frame.subarray(10, 1010) },
				organiser: { ...organiser(ELECTION_A), secret: frame.subarray(7, 39) },
				credential: {
					...credential(ELECTION_A, 'V1'),
					key: frame.subarray(100, 132),
					enrolment: frame.subarray(200, 301)
				},
				receipt: { ...receipt(ELECTION_A, 'd1', 1), transaction: frame.subarray(400, 691) }
			};
			const mine = harness.openWallet();
			const theirs = harness.openWallet();
			await mine.saveOrganiser(given.organiser, given.election);
			await mine.keepCredential(given.credential);
			await mine.saveReceipt(given.receipt);
			const read = async (wallet: Wallet) => ({
				election: await wallet.loadElection(ELECTION_A),
				organiser: await wallet.loadOrganiser(ELECTION_A),
				credential: await wallet.loadCredential(ELECTION_A, 'V1'),
				receipt: (await wallet.loadReceipts(ELECTION_A))[0]
			});
			const found = await read(theirs);
			same(found, given, 'by another tab');
			same(found.election?.definition.buffer.byteLength, 1000, 'stored buffer of the definition');
			same(found.organiser?.secret.buffer.byteLength, 32, 'stored buffer of the secret');
			same(found.credential?.key.buffer.byteLength, 32, 'stored buffer of the key');
			same(found.credential?.enrolment.buffer.byteLength, 101, 'stored buffer of the enrolment');
			same(found.receipt?.transaction.buffer.byteLength, 291, 'stored buffer of the ballot');
			mine.close();
			theirs.close();
			const again = harness.openWallet();
			same(await read(again), given, 'after reopening');
			again.close();
		}
	},
	{
		name: 'what is kept are copies: changing what was given or read changes nothing',
		run: withWallets(async (wallet) => {
			const given = { credential: credential(ELECTION_A, 'V1'), organiser: organiser(ELECTION_A) };
			const kept = await wallet.keepCredential(given.credential);
			await wallet.saveOrganiser(given.organiser, election(ELECTION_A, 1));
			const check = async (when: string) => {
				same(await wallet.loadCredential(ELECTION_A, 'V1'), credential(ELECTION_A, 'V1'), `credential ${when}`);
				same(await wallet.loadOrganiser(ELECTION_A), organiser(ELECTION_A), `organiser ${when}`);
			};
			for (const bytes of [given.credential.key, given.credential.enrolment, given.organiser.secret]) bytes.fill(0);
			await check('after changing what was given');
			kept.key.fill(0);
			(await wallet.loadCredential(ELECTION_A, 'V1'))?.key.fill(0);
			(await wallet.loadOrganiser(ELECTION_A))?.secret.fill(0);
			await check('after changing what was read');
		})
	},
	{
		name: 'a credential that is kept stays; each voter of each election has their own',
		run: withWallets(async (mine, theirs) => {
			const first = credential(ELECTION_A, 'V1');
			same(await mine.keepCredential(first), first, 'first');
			const second = { ...first, key: new Uint8Array(32).fill(9), commitment: hash('0e') as Hash, createdAt: 9 };
			same(await theirs.keepCredential(second), first, 'second of the same voter');
			same(await mine.loadCredential(ELECTION_A, 'V1'), first, 'what is kept');
			const others = [credential(ELECTION_A, 'V2'), credential(ELECTION_B, 'V1')];
			for (const other of others) same(await theirs.keepCredential(other), other, 'of somebody else');
			same(await mine.loadCredentials(ELECTION_A), [first, others[0]], 'credentials of A');
			same(await mine.loadCredentials(ELECTION_B), [others[1]], 'credentials of B');
		})
	},
	{
		name: 'tabs that enrol one voter at the same time end up with one credential',
		run: withWallets(async (mine, theirs) => {
			const attempts = Array.from({ length: 8 }, (_, i) => ({
				...credential(ELECTION_A, 'V1'),
				key: new Uint8Array(32).fill(i),
				createdAt: i
			}));
			const kept = await Promise.all(
				attempts.map((attempt, i) => (i % 2 === 0 ? mine : theirs).keepCredential(attempt))
			);
			for (const each of kept) same(each, kept[0], 'what each was told');
			same(await theirs.loadCredentials(ELECTION_A), [kept[0]], 'what is kept');
		})
	},
	{
		name: 'a credential can be replaced on purpose',
		run: withWallets(async (mine, theirs) => {
			await mine.keepCredential(credential(ELECTION_A, 'V1'));
			const next = { ...credential(ELECTION_A, 'V1'), key: new Uint8Array(32).fill(9), createdAt: 9 };
			await theirs.replaceCredential(next);
			same(await mine.loadCredentials(ELECTION_A), [next], 'credentials');
			await mine.replaceCredential(credential(ELECTION_A, 'V2'));
			same(await mine.loadCredential(ELECTION_A, 'V2'), credential(ELECTION_A, 'V2'), 'one where there was none');
		})
	},
	{
		name: 'organiser and election are saved together or not at all',
		run: async (harness) => {
			const wallet = harness.openWallet();
			for (const passing of [0, 1]) {
				const heal = harness.failPut(passing, 'QuotaExceededError');
				try {
					await refuses(() => wallet.saveOrganiser(organiser(ELECTION_A), election(ELECTION_A, 1)), 'storage-full');
				} finally {
					heal();
				}
				same(await wallet.loadOrganiser(ELECTION_A), undefined, `organiser after failing write ${passing}`);
				same(await wallet.loadElection(ELECTION_A), undefined, `election after failing write ${passing}`);
			}
			await wallet.saveOrganiser(organiser(ELECTION_A), election(ELECTION_A, 1));
			same((await wallet.listElections())[0]?.isOrganiser, true, 'role');
			wallet.close();
		}
	},
	{
		name: 'forgetting an election forgets all of it, and nothing of another',
		run: withWallets(async (mine, theirs) => {
			await fill(mine, ELECTION_A);
			await fill(mine, ELECTION_B);
			await mine.saveDraft({ title: 'Next' });
			const b = await contents(theirs, ELECTION_B);
			await theirs.forgetElection(ELECTION_A);
			const nothing = { election: undefined, organiser: undefined, credentials: [], receipts: [] };
			same(await contents(mine, ELECTION_A), nothing, 'what is left of A');
			same(await contents(mine, ELECTION_B), b, 'B');
			same(
				(await mine.listElections()).map(({ electionId }) => electionId),
				[ELECTION_B],
				'list'
			);
			same(await mine.loadDraft(), { title: 'Next' }, 'draft');
			await mine.saveElection(election(ELECTION_A, 5));
			const bare = { isOrganiser: false, credentials: [], receipts: 0 };
			same(
				(await mine.listElections())[0],
				{ electionId: ELECTION_A, title: 'Election 5', openedAt: 5, ...bare },
				'A anew'
			);
		})
	},
	{
		name: 'forgetting that fails part way forgets nothing, at whichever deletion it fails',
		async run(harness) {
			const wallet = harness.openWallet();
			await fill(wallet, ELECTION_A);
			const before = await contents(wallet, ELECTION_A);
			for (let passing = 0; passing < 4; passing++) {
				const heal = harness.failDelete(passing, 'UnknownError');
				try {
					await refuses(() => wallet.forgetElection(ELECTION_A), 'storage-failed');
				} finally {
					heal();
				}
				same(await contents(wallet, ELECTION_A), before, `after failing deletion ${passing}`);
			}
			wallet.close();
		}
	},
	{
		name: 'a draft is plain data of any shape, one a profile, until it is deleted',
		run: withWallets(async (mine, theirs) => {
			const draft = { title: '', contests: [{ title: 'Färbe?', options: ['Rot', ''] }], opensAt: null, step: 2 };
			await mine.saveDraft(draft);
			same(await theirs.loadDraft(), draft, 'draft');
			draft.title = 'changed';
			same(((await mine.loadDraft()) as typeof draft).title, '', 'title after changing what was given');
			await theirs.saveDraft('other');
			same(await mine.loadDraft(), 'other', 'draft of the other tab');
			await refuses(() => mine.saveDraft(() => 'a function has no clone'), 'storage-failed');
			same(await mine.loadDraft(), 'other', 'draft after a refused one');
			await mine.deleteDraft();
			same(await theirs.loadDraft(), undefined, 'deleted draft');
		})
	},
	{
		name: 'a full disk is storage-full for every write of a wallet, which works again when there is room',
		async run(harness) {
			const wallet = harness.openWallet();
			const writes: (() => Promise<unknown>)[] = [
				() => wallet.saveReceipt(receipt(ELECTION_A, 'd1', 1)),
				() => wallet.saveElection(election(ELECTION_A, 1)),
				() => wallet.saveOrganiser(organiser(ELECTION_A), election(ELECTION_A, 1)),
				() => wallet.keepCredential(credential(ELECTION_A, 'V1')),
				() => wallet.replaceCredential(credential(ELECTION_A, 'V2')),
				() => wallet.saveDraft({ title: 'Next' })
			];
			const heal = harness.failPut(0, 'QuotaExceededError');
			try {
				for (const write of writes) await refuses(write, 'storage-full');
			} finally {
				heal();
			}
			const nothing = { election: undefined, organiser: undefined, credentials: [], receipts: [] };
			same(await contents(wallet, ELECTION_A), nothing, 'what was written');
			same(await wallet.loadDraft(), undefined, 'draft');
			for (const write of writes) await write();
			same((await wallet.loadCredentials(ELECTION_A)).length, 2, 'credentials');
			same((await wallet.loadReceipts(ELECTION_A)).length, 1, 'receipts');
			wallet.close();
		}
	},
	{
		name: 'a closed wallet refuses everything, and the other tab goes on',
		async run(harness) {
			const wallet = harness.openWallet();
			const other = harness.openWallet();
			await fill(wallet, ELECTION_A);
			const before = await contents(other, ELECTION_A);
			wallet.close();
			const calls: (() => Promise<unknown>)[] = [
				() => wallet.saveReceipt(receipt(ELECTION_A, 'd9', 9)),
				() => wallet.loadReceipts(ELECTION_A),
				() => wallet.saveElection(election(ELECTION_A, 9)),
				() => wallet.loadElection(ELECTION_A),
				() => wallet.listElections(),
				() => wallet.forgetElection(ELECTION_A),
				() => wallet.keepCredential(credential(ELECTION_A, 'V9')),
				() => wallet.loadCredential(ELECTION_A, 'V1'),
				() => wallet.loadCredentials(ELECTION_A),
				() => wallet.replaceCredential(credential(ELECTION_A, 'V9')),
				() => wallet.saveOrganiser(organiser(ELECTION_A), election(ELECTION_A, 9)),
				() => wallet.loadOrganiser(ELECTION_A),
				() => wallet.saveDraft('late'),
				() => wallet.loadDraft(),
				() => wallet.deleteDraft()
			];
			for (const call of calls) await refuses(call, 'storage-failed');
			same(await contents(other, ELECTION_A), before, 'what the other tab reads');
			same(await other.loadDraft(), undefined, 'draft');
			other.close();
		}
	}
];

function withWallets(body: (mine: Wallet, theirs: Wallet) => Promise<void>): StorageContractCase['run'] {
	return async (harness) => {
		const [mine, theirs] = [harness.openWallet(), harness.openWallet()];
		await body(mine, theirs);
		mine.close();
		theirs.close();
	};
}

/** One of everything, and two credentials. */
async function fill(wallet: Wallet, electionId: ElectionId): Promise<void> {
	await wallet.saveOrganiser(organiser(electionId), election(electionId, 1));
	await wallet.keepCredential(credential(electionId, 'V1'));
	await wallet.keepCredential(credential(electionId, 'V2'));
	await wallet.saveReceipt(receipt(electionId, 'd1', 1));
}

async function contents(wallet: Wallet, electionId: ElectionId) {
	return {
		election: await wallet.loadElection(electionId),
		organiser: await wallet.loadOrganiser(electionId),
		credentials: await wallet.loadCredentials(electionId),
		receipts: await wallet.loadReceipts(electionId)
	};
}

function election(electionId: ElectionId, openedAt: number): WalletElection {
	return { electionId, title: `Election ${openedAt}`, definition: Uint8Array.of(123, openedAt, 125), openedAt };
}

function credential(electionId: ElectionId, voterId: string): StoredCredential {
	return {
		electionId,
		voterId,
		key: new Uint8Array(32).fill(7),
		commitment: hash('0c') as Hash,
		enrolment: Uint8Array.of(1, 2, 3),
		createdAt: 5
	};
}

function organiser(electionId: ElectionId): StoredOrganiser {
	return {
		electionId,
		secret: new Uint8Array(32).fill(8),
		contacts: [
			{ voterId: 'V1', name: 'Ada Åström', email: 'ada@example.org' },
			{ voterId: 'V2', name: '', email: '' }
		],
		createdAt: 4
	};
}
