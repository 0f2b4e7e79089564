import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import type { ElectionRecord } from '../../src/lib/audit/record';
import { eavesdrop, recordsOf, sentBy } from './support/eavesdrop';
import { OrganiserTab, VoterTab, type Invited } from './support/organiser';
import { expect, test } from './support/test';

const ROOT = join(import.meta.dirname, '../..');
const BOARD = { title: 'Who chairs the board?', options: ['Ada', 'Grace', 'Edsger'] };
const FEE = { title: 'Raise the fee?', options: ['Yes', 'No'] };
/** As a spreadsheet in Europe saves it. */
const MEMBERS_CSV = [
	'Member number;Name;E-mail',
	'M-1;"Lovelace; Ada";ada@example.org',
	'M-2;Grace Hopper;grace@example.org',
	'M-3;Edsger Dijkstra;',
	'M-4;Barbara Liskov;barbara@example.org',
	'M-5;Donald Knuth;don@example.org'
].join('\r\n');
/** What each of the five marks, in both contests. */
const MARKS = [
	['Ada', 'Yes'],
	['Grace', 'No'],
	['Ada', 'No choice'],
	['Edsger', 'Yes'],
	['Ada', 'No']
] as const;

const marksOf = (voter: number) =>
	[BOARD, FEE].map(({ title }, contest) => ({ contest: title, option: MARKS[voter]![contest]! }));

async function expectResults(page: Page, ballots: number): Promise<void> {
	const results = await page.evaluate(() => globalThis.pollen!.results());
	expect(results.contests.map(({ options }) => options.map(({ votes }) => votes))).toEqual([
		[3, 1, 1],
		[2, 2]
	]);
	expect(results).toMatchObject({ ballots, eligible: 5, enrolled: 5 });
}

/** Everybody on one tip with all ballots counted and nothing waiting. */
async function expectAllCounted(tabs: readonly (OrganiserTab | VoterTab)[]): Promise<void> {
	await expect(async () => {
		const statuses = await Promise.all(tabs.map((tab) => tab.status()));
		expect(new Set(statuses.map(({ tip }) => tip)).size).toBe(1);
		expect(statuses.every(({ pending }) => pending === 0)).toBe(true);
		for (const { page } of tabs) await expectResults(page, 5);
	}).toPass({ timeout: 300_000, intervals: [500] });
}

/** The record, verified in a tab that has never seen the election, and by the command in a folder of its own. */
async function expectRecordHolds(record: string, page: Page): Promise<void> {
	await page.goto('/#/verify');
	await page
		.getByLabel('Record file')
		.setInputFiles({ name: 'record.json', mimeType: 'application/json', buffer: Buffer.from(record) });
	await expect(page.getByRole('status').filter({ hasText: 'Every check passed' })).toBeVisible();
	await expect(page.getByRole('list', { name: 'Checks' }).getByRole('listitem')).toHaveCount(10);

	const folder = await mkdtemp(join(tmpdir(), 'pollen-verify-'));
	try {
		await writeFile(join(folder, 'record.json'), record);
		const verify = (file: string) =>
			promisify(execFile)('npm', ['--prefix', ROOT, '--silent', 'run', 'verify', '--', file], { cwd: folder });
		const { stdout } = await verify('record.json');
		expect(stdout).toMatch(/3 +Ada\n/);
		const tampered = JSON.parse(record) as ElectionRecord & { results: { ballots: number } };
		tampered.results.ballots += 1;
		await writeFile(join(folder, 'tampered.json'), JSON.stringify(tampered));
		await expect(verify('tampered.json')).rejects.toMatchObject({ code: 1 });
	} finally {
		await rm(folder, { recursive: true });
	}
}

test('an election with enrolment, from the empty form to a result that a stranger has checked', async ({ profile }) => {
	const contexts = await Promise.all(['organiser', 'v1', 'v2', 'v3', 'v4', 'v5'].map(profile));
	for (const context of contexts) await eavesdrop(context);
	const organiser = await OrganiserTab.create(contexts[0]!, {
		title: 'Board election',
		contests: [BOARD, FEE],
		csv: MEMBERS_CSV,
		eligibility: 'Members make their own secret'
	});
	const invited = await organiser.invitations();
	expect(invited.map(({ voterId }) => voterId)).toEqual(['M-1', 'M-2', 'M-3', 'M-4', 'M-5']);

	const voters: VoterTab[] = [];
	for (const [index, invitation] of invited.entries()) {
		const voter = await VoterTab.join(contexts[index + 1]!, invitation);
		await expect(voter.page.getByText(invitation.voterId).first()).toBeVisible();
		await voter.enrol();
		voters.push(voter);
	}
	await expect.poll(async () => (await organiser.page.evaluate(() => globalThis.pollen!.results())).enrolled).toBe(5);
	await expect.poll(async () => (await organiser.status()).pending).toBe(0);
	await organiser.openPoll();
	// The one tab that mines leaves both cores to the voters until all have voted.
	await organiser.setMining(false);

	const codes: string[] = [];
	for (const [index, voter] of voters.entries()) {
		if (index === 1) {
			await voter.page.reload();
			await voter.ready();
			await voter.setMining(false);
		}
		codes.push(await voter.castBallot(marksOf(index)));
	}
	// Another visit to the same link, and a script: the credential has voted.
	await expect(voters[0]!.page.getByRole('button', { name: 'Vote', exact: true })).toHaveCount(0);
	const again = voters[0]!.page.evaluate(
		({ voterId, code }) => globalThis.pollen!.vote({ voterId, code, choices: [1, 1] }),
		invited[0]!
	);
	await expect(again).rejects.toThrow(/already-voted|has voted/);

	await organiser.setMining(true);
	await expectAllCounted([organiser, ...voters]);
	await organiser.closePoll();
	for (const [index, voter] of voters.entries()) {
		await expect.poll(async () => (await voter.status()).phase).toBe('closed');
		await expect(voter.page.getByRole('region', { name: 'Receipt' })).toContainText(codes[index]!);
		await voter.trackByFile(await voter.downloadReceipt());
	}
	await expectAllCounted([organiser, ...voters]);

	await organiser.goTo('Results');
	const record = await organiser.download('Download record');
	await expectRecordHolds(record, await (await profile('stranger')).newPage());

	await expectNothingLinks(organiser, voters, invited);
});

test('the same with codes that were handed out', async ({ profile }) => {
	const organiser = await OrganiserTab.create(await profile('organiser'), {
		title: 'Class trip',
		contests: [BOARD, FEE],
		csv: MEMBERS_CSV,
		eligibility: 'Codes you hand out'
	});
	await organiser.setMining(false);
	const invited = await organiser.invitations();
	const voters: VoterTab[] = [];
	for (const [index, invitation] of invited.entries()) {
		const voter = await VoterTab.join(await profile(`v${index}`), invitation);
		await voter.castBallot(marksOf(index));
		voters.push(voter);
		if (index === 2) {
			await voter.page.reload();
			await voter.ready();
			await voter.setMining(false);
			await expect(voter.page.getByRole('button', { name: 'Vote', exact: true })).toHaveCount(0);
		}
	}
	await organiser.setMining(true);
	await expectAllCounted([organiser, ...voters]);
	await organiser.closePoll();
	await voters[0]!.trackByFile(await voters[0]!.downloadReceipt());
	await expectAllCounted([organiser, ...voters]);
	await organiser.goTo('Results');
	await expectRecordHolds(await organiser.download('Download record'), await (await profile('stranger')).newPage());
});

/** Hex, raw bytes as Latin-1 text, and base64 of a value given in hex. */
function spellings(hex: string): string[] {
	const bytes = Buffer.from(hex, 'hex');
	return [hex, bytes.toString('latin1'), bytes.toString('base64')];
}

/**
 * Searches everything that every tab sent, and every database of every profile but the voters' own wallets, for anything that
 * would lead from a voter to a ballot: a voter ID or commitment beside a nullifier, or the secret that both come from.
 */
async function expectNothingLinks(
	organiser: OrganiserTab,
	voters: readonly VoterTab[],
	invited: readonly Invited[]
): Promise<void> {
	const secrets = await Promise.all(voters.map(({ page }) => secretsOf(page)));
	const nullifiers = secrets.map(({ nullifier }) => nullifier);
	const sent = (await Promise.all([organiser, ...voters].map(({ page }) => sentBy(page)))).flat();
	const stored = (await Promise.all([organiser, ...voters].map(({ page }) => recordsOf(page)))).flat();
	const outsideWallets = stored.filter(({ database }) => database !== 'pollen-wallet');
	expect(sent.length).toBeGreaterThan(100);
	expect(outsideWallets.length).toBeGreaterThan(20);
	const organisersWallet = (await recordsOf(organiser.page)).filter(({ database }) => database === 'pollen-wallet');
	const texts = [...sent, ...[...outsideWallets, ...organisersWallet].map(({ text }) => text)];
	const holding = (needles: readonly string[]) =>
		texts.filter((text) => needles.some((needle) => text.includes(needle)));

	for (const [index, { key, commitment }] of secrets.entries()) {
		const nullifier = nullifiers[index]!;
		// The search finds what is there: ballots and enrolments do travel, each alone.
		expect(holding(spellings(nullifier)).length, 'ballots were seen').toBeGreaterThan(0);
		expect(holding(spellings(commitment)).length, 'enrolments were seen').toBeGreaterThan(0);
		expect(holding(spellings(key)), 'the secret of a credential').toEqual([]);
		const besideBallot = holding(spellings(nullifier));
		const others = [...spellings(commitment), invited[index]!.voterId];
		expect(besideBallot.filter((text) => others.some((other) => text.includes(other)))).toEqual([]);
	}
	// Voting codes: in the organiser's files and the links only, and in nothing that is sent.
	for (const { code } of invited) {
		const normalised = code.replaceAll('-', '');
		expect(sent.filter((text) => text.includes(code) || text.includes(normalised))).toEqual([]);
	}
}

/** What a voter's own wallet holds: the credential's secret, its commitment, and the nullifier of the ballot, in hex. */
async function secretsOf(page: Page): Promise<{ key: string; commitment: string; nullifier: string }> {
	return await page.evaluate(async () => {
		const wait = <T>(request: IDBRequest<T>) =>
			new Promise<T>((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error);
			});
		const database = await wait(indexedDB.open('pollen-wallet'));
		const all = async (store: string): Promise<Record<string, unknown>[]> =>
			(await wait(database.transaction(store).objectStore(store).getAll())) as Record<string, unknown>[];
		const [credential] = await all('credentials');
		const [receipt] = await all('receipts');
		database.close();
		const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
		return {
			key: hex(credential!.key as Uint8Array),
			commitment: credential!.commitment as string,
			nullifier: receipt!.nullifier as string
		};
	});
}
