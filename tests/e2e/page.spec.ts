import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { HOME } from '../../src/build/budgets.js';
import { expectSound } from './support/sound';
import { expect, test } from './support/test';
import { hostStatically } from './support/staticHost';
import { expectAgreement, type PageName } from './support/tab';

const PAGES: readonly PageName[] = ['Vote', 'Results', 'Chain', 'Network'];

test('the home page loads before the visitor acts what its budget allows, and nothing of the prover', async ({
	page
}) => {
	const loaded: Promise<{ url: string; bytes: number }>[] = [];
	page.on('response', (response) => {
		loaded.push(response.body().then((body) => ({ url: response.url(), bytes: gzipSync(body).length })));
	});
	await page.goto('/');
	await expect(page.getByRole('link', { name: 'Try the demo election' })).toBeVisible();
	await page.waitForLoadState('networkidle');
	const files = await Promise.all(loaded);
	const total = (some: typeof files): number => some.reduce((sum, { bytes }) => sum + bytes, 0);
	const scripts = total(files.filter(({ url }) => url.endsWith('.js')));
	console.log(
		`home page: ${(scripts / 1000).toFixed(1)} KB of JavaScript, ${(total(files) / 1000).toFixed(1)} KB in all, gzip`
	);
	expect(scripts).toBeGreaterThan(0);
	expect(scripts).toBeLessThanOrEqual(HOME.scripts);
	expect(total(files)).toBeLessThanOrEqual(HOME.all);
	expect(files.filter(({ url }) => url.includes('/artifacts/') || /worker/.test(url))).toEqual([]);
});

test('the pages of an election are sound for axe, and nothing scrolls sideways', async ({ tab }) => {
	const { page } = tab;
	await tab.vote('VOID001', 'Democratic Party');
	await expectAgreement([tab], [1, 0, 0]);
	await tab.setMining(false);
	await expectSound(page, 'outcome of a vote');
	for (const name of PAGES) {
		await tab.goTo(name);
		await expectSound(page, name);
	}
	await tab.fillBallot('VOID002', 'Socialist Party');
	await expect(page.getByRole('dialog')).toBeVisible();
	await expectSound(page, 'confirmation');
	await page.goto('/');
	await expectSound(page, 'home');
});

test('a voter can vote with the keyboard alone', async ({ page }) => {
	await page.goto('/');
	await tabTo(page, 'Try the demo election');
	await page.keyboard.press('Enter');
	await page.waitForFunction(() => globalThis.pollen?.status().peerId !== undefined);
	await tabTo(page, 'VOID004');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('textbox', { name: 'Voter ID' })).toHaveValue('VOID004');
	await page.getByRole('radio', { name: 'Democratic Party' }).focus();
	await page.keyboard.press('ArrowDown');
	await expect(page.getByRole('radio', { name: 'Republican Party' })).toBeChecked();
	await tabTo(page, 'Vote', 'BUTTON');
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Confirm your vote' });
	await expect(dialog).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	await expect(page.getByRole('button', { name: 'Vote', exact: true })).toBeFocused();
	await page.keyboard.press('Enter');
	await tabTo(page, 'Cast ballot');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('status').filter({ hasText: /recorded in block/i })).toBeVisible();
});

/** Presses Tab until the element with this text has the focus. */
async function tabTo(page: Page, text: string, tagName?: string): Promise<void> {
	for (let presses = 0; presses < 80; presses += 1) {
		const focused = await page.evaluate(() => ({
			text: document.activeElement?.textContent?.trim() ?? '',
			tagName: document.activeElement?.tagName
		}));
		if (focused.text.startsWith(text) && (tagName === undefined || focused.tagName === tagName)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`"${text}" cannot be reached with the Tab key`);
}

test('the build folder works below any path of a plain static host, and alone', async ({ page }) => {
	const host = await hostStatically('build', '/elections/pollen/');
	// The public signalling server of the shipped config.json is not for tests.
	await page.route('**/config.json', (route) => route.abort());
	try {
		await page.goto(host.url);
		await page.getByRole('link', { name: 'Try the demo election' }).click();
		await page.getByRole('button', { name: 'VOID001' }).click();
		await page.getByRole('radio', { name: 'Socialist Party' }).click();
		await page.getByRole('button', { name: 'Vote', exact: true }).click();
		await page.getByRole('button', { name: 'Cast ballot' }).click();
		await expect(page.getByRole('status').filter({ hasText: /recorded in block/i })).toBeVisible();
	} finally {
		await host.stop();
	}
});
