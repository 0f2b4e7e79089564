import { readFile } from 'node:fs/promises';
import { expect, test } from './support/test';
import { expectAgreement, Tab } from './support/tab';

test('a visitor votes in the demo election, from the home page to the settled ballot', async ({ context }) => {
	const page = await context.newPage();
	const tab = new Tab(page);
	await page.goto('/');
	await page.getByRole('link', { name: 'Try the demo election' }).click();
	await tab.ready();

	await tab.fillBallot('VOID001', 'Socialist Party');
	await expect(page.getByRole('textbox', { name: 'Voter ID' })).toHaveValue('VOID001');
	const dialog = page.getByRole('dialog', { name: 'Confirm your vote' });
	await expect(dialog).toContainText('Socialist Party');
	// This tab is alone, so whoever links to it next could guess whose ballot it brings.
	await expect(dialog).toContainText('You are linked with fewer than three others.');
	await dialog.getByRole('button', { name: 'Go back' }).click();
	await expect(dialog).toBeHidden();
	expect((await tab.status()).pending, 'going back casts nothing').toBe(0);

	const code = await tab.vote('VOID001', 'Republican Party');
	await expect(page.getByRole('status').filter({ hasText: code })).toContainText(/recorded in block 1/i);

	await tab.goTo('Results');
	const summary = page.getByRole('table', { name: 'Result summary' });
	await expect(summary.getByRole('row', { name: /Republican Party/ })).toContainText('1');
	await expect(summary.getByRole('row', { name: /Socialist Party/ })).toContainText('0');
	const ballot = page.getByRole('table', { name: 'Ballots' }).getByRole('row', { name: new RegExp(code) });
	await expect(ballot).toContainText('Republican Party');

	await tab.goTo('Chain');
	await expect(page.getByText(code)).toBeVisible();
	const download = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Download chain' }).click();
	const saved = JSON.parse(await readFile(await (await download).path(), 'utf8')) as unknown;
	expect(JSON.stringify(saved)).toContain((await tab.chain())[1]!.hash);
});

test('a node mines until the last ballot is six blocks deep, then rests', async ({ tab }) => {
	await tab.vote('VOID001', 'Democratic Party');
	await expect.poll(async () => (await tab.status()).height).toBe(6);
	await expect.poll(async () => (await tab.status()).mining).toBe(false);
	expect((await tab.chain()).map(({ transactions }) => transactions.length)).toEqual([0, 1, 0, 0, 0, 0, 0]);
});

test('a second ballot of the same credential is refused, pending or recorded', async ({ tab }) => {
	await tab.setMining(false);
	await tab.vote('VOID002', 'Democratic Party');
	await tab.page.reload();
	await tab.ready();
	await tab.setMining(false);
	await expect.poll(async () => (await tab.status()).pending, 'the pending ballot survives a reload').toBe(1);

	await tab.fillBallot('VOID002', 'Socialist Party');
	await expect(tab.page.getByRole('alert')).toContainText(/already/i);
	await tab.setMining(true);
	await expect.poll(() => tab.tally()).toEqual([1, 0, 0]);
	await tab.page.reload();
	await tab.ready();
	await tab.fillBallot('VOID002', 'Socialist Party');
	await expect(tab.page.getByRole('alert')).toContainText(/already/i);
	await expectAgreement([tab], [1, 0, 0]);
});

test('a reload and a crash lose nothing: tip, ballots, pending ballots', async ({ openTab }) => {
	const tab = await openTab('a');
	await tab.vote('VOID003', 'Democratic Party');
	await expectAgreement([tab], [1, 0, 0]);
	await tab.setMining(false);
	await tab.vote('VOID004', 'Socialist Party');
	const before = await tab.status();
	await tab.page.reload();
	await tab.ready();
	expect((await tab.status()).height).toBeGreaterThanOrEqual(before.height);
	await tab.crash();

	const again = await openTab('a');
	await expectAgreement([again], [1, 0, 1]);
	expect((await again.chain()).map(({ hash }) => hash)).toContain(before.tip);
	expect(await again.page.evaluate(() => globalThis.pollen!.verify())).toMatchObject({ valid: true, ballots: 2 });
});
