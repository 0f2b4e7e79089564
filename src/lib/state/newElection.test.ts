import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ElectionId } from '../bytes/hash';
import { utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';
import { emptyDraft, type Draft } from '../organising/draft';
import { NewElection, type NewElectionDesk } from './newElection.svelte';

const ELECTION_ID = 'ab'.repeat(32) as ElectionId;
const SOUND: Draft = {
	...emptyDraft(),
	title: 'Board',
	contests: [{ title: 'Chair?', options: ['Ada', 'Grace', 'Marie'] }],
	voters: '1\n2\n3',
	step: 5
};

beforeEach(() => {
	vi.useFakeTimers();
});

afterEach(() => {
	vi.useRealTimers();
});

/** A wallet and a tab's storage that outlive the form. */
function setUp(stored?: unknown) {
	const kept: { draft: unknown; stash: unknown } = { draft: stored, stash: undefined };
	const wallet = {
		loadDraft: vi.fn(() => Promise.resolve(kept.draft)),
		saveDraft: vi.fn((draft: unknown) => {
			kept.draft = structuredClone(draft);
			return Promise.resolve();
		}),
		deleteDraft: vi.fn(() => {
			kept.draft = undefined;
			return Promise.resolve();
		})
	};
	const createElection = vi.fn<NewElectionDesk['createElection']>(() => Promise.resolve(ELECTION_ID));
	let now = Date.parse('2026-11-22T12:00:00.000Z');
	const desk: NewElectionDesk = {
		withWallet: (task) => task(wallet),
		createElection,
		stash: {
			load: () => kept.stash,
			save: (draft) => (kept.stash = JSON.parse(JSON.stringify(draft))),
			clear: () => (kept.stash = undefined)
		},
		now: () => now
	};
	return { kept, wallet, createElection, desk, form: new NewElection(desk), setNow: (time: number) => (now = time) };
}

async function loaded(stored?: unknown) {
	const setup = setUp(stored);
	await setup.form.load();
	return setup;
}

function file(name: string, bytes: Uint8Array): File {
	return new File([bytes.slice()], name);
}

describe('NewElection, keeping the draft', () => {
	it('begins empty, or where it was left', async () => {
		const empty = setUp();
		expect(empty.form.isLoaded).toBe(false);
		await empty.form.load();
		expect(empty.form).toMatchObject({ isLoaded: true, step: 'about', draft: emptyDraft() });
		const { form } = await loaded({ ...SOUND, step: 2 });
		expect(form).toMatchObject({ step: 'voters', draft: { ...SOUND, step: 2 } });
	});

	it('saves once typing rests, all of it', async () => {
		const { form, kept, wallet } = await loaded();
		for (const title of ['B', 'Bo', 'Boa']) form.edit('title', { title });
		expect(wallet.saveDraft).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(1_000);
		expect(wallet.saveDraft).toHaveBeenCalledTimes(1);
		expect(kept.draft).toMatchObject({ title: 'Boa' });
	});

	it('saves what is typed while it saves', async () => {
		const { form, kept, wallet } = await loaded();
		let written = () => {};
		wallet.saveDraft.mockReturnValueOnce(new Promise((resolve) => (written = resolve)));
		form.edit('title', { title: 'A' });
		const saving = form.save();
		form.edit('title', { title: 'AB' });
		written();
		await saving;
		expect(kept.draft).toMatchObject({ title: 'AB' });
	});

	it('loses nothing when the page goes away before the wallet could be written', async () => {
		const { form, kept, wallet, desk } = await loaded();
		wallet.saveDraft.mockReturnValueOnce(new Promise(() => {}));
		form.edit('title', { title: 'Board' });
		form.hide();
		expect(kept.draft).toBeUndefined();
		const reloaded = new NewElection(desk);
		await reloaded.load();
		expect(reloaded.draft.title).toBe('Board');
		await vi.advanceTimersByTimeAsync(1_000);
		expect(kept).toEqual({ draft: expect.objectContaining({ title: 'Board' }), stash: undefined });
	});

	it('stashes nothing when all is saved', async () => {
		const { form, kept } = await loaded();
		form.edit('title', { title: 'Board' });
		await form.save();
		form.hide();
		expect(kept.stash).toBeUndefined();
	});

	it('does not let loading take back what is typed here', async () => {
		const { form, kept } = await loaded({ ...SOUND });
		form.edit('title', { title: 'Typed' });
		await form.load();
		expect(form.draft.title).toBe('Typed');
		await form.save();
		kept.draft = { ...SOUND, title: 'From another tab' };
		await form.load();
		expect(form.draft.title).toBe('From another tab');
	});

	it('says when the draft cannot be kept, and goes on trying', async () => {
		const { form, kept, wallet } = await loaded();
		wallet.saveDraft.mockRejectedValueOnce(new PollenError('storage-full'));
		form.edit('title', { title: 'A' });
		await vi.advanceTimersByTimeAsync(1_000);
		expect(form.saveFailure).toBe('storage-full');
		form.edit('title', { title: 'AB' });
		await vi.advanceTimersByTimeAsync(1_000);
		expect(form.saveFailure).toBeUndefined();
		expect(kept.draft).toMatchObject({ title: 'AB' });
	});

	it('can be filled in without a wallet', async () => {
		const { form, wallet } = setUp();
		wallet.loadDraft.mockRejectedValue(new PollenError('storage-failed'));
		await form.load();
		expect(form).toMatchObject({ isLoaded: true, saveFailure: 'storage-failed', draft: emptyDraft() });
	});
});

describe('NewElection, step by step', () => {
	it('stays where something is missing, and says so there', async () => {
		const { form } = await loaded();
		expect(form.problemAt('title')).toBeUndefined();
		expect(form.continue()).toBe('title');
		expect(form.step).toBe('about');
		expect(form.problemAt('title')).toMatch(/title/);
		expect(form.problemAt('contest-0-title')).toBeUndefined();
		form.edit('title', { title: 'Board' });
		expect(form.problemAt('title')).toBeUndefined();
		expect(form.continue()).toBeUndefined();
		expect(form.step).toBe('contests');
	});

	it('judges a field when it is left, but not one that nobody has filled in yet', async () => {
		const { form } = await loaded();
		form.leave('title');
		expect(form.problemAt('title')).toBeUndefined();
		form.edit('title', { title: 'Board' });
		form.edit('title', { title: '' });
		form.leave('title');
		expect(form.problemAt('title')).toBeDefined();
		form.edit('description', { description: 'x'.repeat(5_001) });
		expect(form.problemAt('description')).toBeUndefined();
		form.leave('description');
		expect(form.problemAt('description')).toBeDefined();
	});

	it('goes back without judging', async () => {
		const { form } = await loaded({ ...SOUND, title: '', step: 1 });
		form.back();
		form.back();
		expect(form.step).toBe('about');
	});

	it('adds, removes and moves options and contests', async () => {
		const { form } = await loaded(SOUND);
		const options = () => form.draft.contests[0]?.options;
		form.moveOption(0, 2, 0);
		expect(options()).toEqual(['Marie', 'Ada', 'Grace']);
		form.moveOption(0, 0, -1);
		form.moveOption(0, 2, 3);
		expect(options()).toEqual(['Marie', 'Ada', 'Grace']);
		form.removeOption(0, 1);
		form.addOption(0);
		form.editOption(0, 2, 'Rosa');
		expect(options()).toEqual(['Marie', 'Grace', 'Rosa']);
		form.addContest();
		form.editContest(1, 'Auditor?');
		form.moveContest(1, 0);
		expect(form.draft.contests.map(({ title }) => title)).toEqual(['Auditor?', 'Chair?']);
		form.removeContest(0);
		expect(form.draft.contests.map(({ title }) => title)).toEqual(['Chair?']);
	});

	it('shows no problem beside another option than it is about', async () => {
		const { form } = await loaded({
			...SOUND,
			contests: [{ title: 'Chair?', options: ['Ada', '', 'Marie'] }],
			step: 1
		});
		expect(form.continue()).toBe('contest-0-option-1');
		form.addOption(0);
		form.removeOption(0, 1);
		expect(form.problemAt('contest-0-option-1')).toBeUndefined();
		expect(form.problemAt('contest-0-option-2')).toBeUndefined();
	});
});

describe('NewElection, reading a file', () => {
	it('puts its voters into the box, where they can be put right', async () => {
		const { form } = await loaded();
		await form.readFile(
			file(
				'members.csv',
				Uint8Array.from('id;name\nÄ1;Jürgen', (letter) => letter.charCodeAt(0))
			)
		);
		expect(form.draft.voters).toBe('id;name\nÄ1;Jürgen');
		expect(form.file).toEqual({ name: 'members.csv', encoding: 'Windows-1252' });
		expect(form.canBringBack).toBe(false);
		form.edit('voters', { voters: 'id;name' });
		expect(form.file).toBeUndefined();
	});

	it('keeps the list that was there, to bring it back', async () => {
		const { form } = await loaded({ ...SOUND });
		await form.readFile(file('other.csv', utf8('7\n8\n9')));
		expect(form.draft.voters).toBe('7\n8\n9');
		form.bringBack();
		expect(form.draft.voters).toBe('1\n2\n3');
		expect(form.canBringBack).toBe(false);
	});

	it('shows at once what is wrong in it', async () => {
		const { form } = await loaded();
		await form.readFile(file('members.csv', utf8('1\n1')));
		expect(form.problemAt('voters')).toMatch(/One line/);
	});

	it.each([
		['200,000 rows', utf8('1\n'.repeat(200_000)), /at most 10,000/],
		['junk', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), /plain text/],
		['a huge file', new Uint8Array(20_000_000), /too large/],
		['nothing', new Uint8Array(), /no voter/]
	])('changes nothing for %s', async (_, bytes, sentence) => {
		const { form } = await loaded({ ...SOUND });
		await form.readFile(file('members.csv', bytes));
		expect(form.fileProblem).toMatch(sentence);
		expect(form.draft).toEqual(SOUND);
		await form.readFile(file('members.csv', utf8('1\n2\n3\n4')));
		expect(form.fileProblem).toBeUndefined();
	});

	it('says when a file cannot be read at all', async () => {
		const { form } = await loaded();
		await form.readFile({
			name: 'gone.csv',
			slice: () =>
				({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }) as unknown as Blob
		});
		expect(form.fileProblem).toMatch(/could not be read/);
	});
});

describe('NewElection, making it', () => {
	it('makes the election of the draft, then forgets the draft', async () => {
		const { form, kept, createElection } = await loaded(SOUND);
		expect(await form.create()).toEqual({ electionId: ELECTION_ID });
		expect(createElection.mock.calls[0]![0]).toMatchObject({
			title: 'Board',
			eligibility: 'enrolment',
			voters: [{ voterId: '1' }, { voterId: '2' }, { voterId: '3' }]
		});
		await vi.advanceTimersByTimeAsync(1_000);
		expect(kept).toEqual({ draft: undefined, stash: undefined });
		expect(form.draft).toEqual(emptyDraft());
	});

	it('leads to what is wrong after all, and makes nothing', async () => {
		const { form, createElection, setNow } = await loaded({ ...SOUND, closesAt: '2026-12-01T12:00' });
		expect(form.problems).toEqual([]);
		setNow(Date.parse('2026-12-02T12:00:00.000Z'));
		expect(await form.create()).toEqual({ place: 'closes-at' });
		expect(form.step).toBe('times');
		expect(form.problemAt('closes-at')).toMatch(/passed/);
		expect(createElection).not.toHaveBeenCalled();
	});

	it('tells how far it is, once however often it is asked', async () => {
		const { form, createElection } = await loaded(SOUND);
		let make: (electionId: ElectionId) => void = () => {};
		createElection.mockImplementation((_, onProgress) => {
			onProgress(2, 3);
			return new Promise((resolve) => (make = resolve));
		});
		const creating = form.create();
		expect(form.making).toEqual({ done: 2, total: 3 });
		expect(await form.create()).toBeUndefined();
		make(ELECTION_ID);
		await creating;
		expect(form.making).toBeUndefined();
		expect(createElection).toHaveBeenCalledTimes(1);
	});

	it('can be stopped, and the form is as it was', async () => {
		const { form, kept, createElection } = await loaded(SOUND);
		createElection.mockImplementation(
			(_, __, signal) =>
				new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new PollenError('aborted'))))
		);
		const creating = form.create();
		form.cancel();
		expect(await creating).toBeUndefined();
		expect(form).toMatchObject({ draft: SOUND, failure: undefined, making: undefined, step: 'summary' });
		expect(kept.draft).toEqual(SOUND);
	});

	it('says why it failed, and keeps the draft', async () => {
		const { form, kept, createElection } = await loaded(SOUND);
		createElection.mockRejectedValueOnce(new PollenError('storage-full'));
		expect(await form.create()).toBeUndefined();
		expect(form).toMatchObject({ failure: 'storage-full', draft: SOUND });
		expect(kept.draft).toEqual(SOUND);
		expect(await form.create()).toEqual({ electionId: ELECTION_ID });
	});

	it('has made the election even if the draft cannot be deleted', async () => {
		const { form, wallet } = await loaded(SOUND);
		wallet.deleteDraft.mockRejectedValue(new PollenError('storage-failed'));
		expect(await form.create()).toEqual({ electionId: ELECTION_ID });
	});
});
