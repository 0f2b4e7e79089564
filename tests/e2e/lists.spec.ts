import type { Locator, Page } from '@playwright/test';
import { DEMO_ELECTION } from '../../src/lib/election/demo';
import { electionIdOf } from '../../src/lib/election/genesis';
import { receiptCode } from '../../src/lib/election/receiptCode';
import { benchChain } from '../bench/benchChain';
import { forgeBlock, goldenBallot } from './support/forge';
import { noteElection } from './support/noteElection';
import { offerBlock, offerBlockJson } from './support/offer';
import { expectSound } from './support/sound';
import { Tab } from './support/tab';
import { expect, test } from './support/test';

const BLOCKS = 300;
const BALLOTS = 8;
/** How far what is read may move, in pixels: places are rounded to whole ones. */
const STILL_PX = 1.5;

const election = { ...DEMO_ELECTION, title: 'A long chain', initialDifficulty: 1 };
const electionId = electionIdOf(election);

test('of a long chain the page has what is in view, and jumps to any block by its link', async ({ profile }) => {
	const chain = benchChain({ election, electionId }, [], BLOCKS + 1);
	const newest = chain.pop()!;
	const context = await profile('own');
	await noteElection(context, { election, electionId });
	const tab = new Tab(await context.newPage());
	const { page } = tab;
	await page.goto(`/#/election/${electionId}`);
	await tab.ready();
	await tab.setMining(false);
	await page.evaluate(async (blocks) => {
		for (const block of blocks) await globalThis.pollen!.addBlock(block);
	}, chain);
	expect((await tab.status()).height).toBe(BLOCKS);

	await tab.goTo('Chain');
	const cards = page.getByRole('article');
	const topOf = async (block: Locator) => (await block.boundingBox())!.y;
	const card = (height: number): Locator => page.getByRole('article', { name: `Block ${height}`, exact: true });
	await expect(card(BLOCKS)).toContainText(chain.at(-1)!.hash);
	await expect(card(BLOCKS)).toContainText('newest');
	expect(await cards.count()).toBeLessThan(15);
	await expectSound(page, 'a long chain');

	await page.mouse.move(600, 400);
	await expect(async () => {
		await page.mouse.wheel(0, 700);
		await expect(card(BLOCKS - 20)).toContainText(chain[BLOCKS - 21]!.hash, { timeout: 100 });
	}).toPass();
	await expect(card(BLOCKS)).toHaveCount(0);

	await page.goto(`/#/election/${electionId}/chain#block-7`);
	await tab.ready();
	await tab.setMining(false);
	await expect(card(7)).toBeFocused();
	await expect(card(7)).toContainText(chain[6]!.hash);
	await expect.poll(() => topOf(card(7))).toBeLessThan(100);
	await expect(card(BLOCKS / 2)).toHaveCount(0);

	await card(7).getByRole('link', { name: chain[5]!.hash }).press('Enter');
	await expect(card(6)).toBeFocused();
	await expect(card(6)).toBeInViewport({ ratio: 0.9 });

	// Rows above, whose heights were guessed, are measured as they come near.
	for (let turn = 0; turn < 5; turn++) {
		const before = await topOf(card(6));
		await page.mouse.wheel(0, -40);
		await expect.poll(async () => Math.abs((await topOf(card(6))) - before - 40)).toBeLessThan(STILL_PX);
	}

	const before = await topOf(card(6));
	expect(await offerBlockJson(tab, newest)).toEqual({ accepted: true });
	await expect(page.getByText(`${BLOCKS + 2} blocks, newest first`)).toBeVisible();
	await page.waitForTimeout(500);
	expect(Math.abs((await topOf(card(6))) - before)).toBeLessThan(STILL_PX);
	await expect(card(BLOCKS + 1)).toHaveCount(0);

	// At rest, because on a machine with much else to do the next key was once without effect.
	const goToTop = async () => {
		await page.keyboard.press('Control+Home');
		await expect(card(BLOCKS + 1)).toContainText('newest');
		await expect.poll(() => isAtRest(page, 0)).toBe(true);
	};
	await goToTop();
	await page.keyboard.press('Control+End');
	const genesis = page.getByRole('article', { name: 'Genesis block' });
	await expect(genesis).toBeInViewport();

	// On a phone every card is higher than all that were measured: the end must still be the end.
	await goToTop();
	await page.setViewportSize({ width: 390, height: 844 });
	await expect(genesis).toHaveCount(0);
	await page.keyboard.press('Control+End');
	await expect(genesis).toBeInViewport();

	// Also when a card grows, as its ballots come, before the page is told that the window has reached the end.
	await expect.poll(() => distanceToEnd(page)).toBeLessThan(1);
	await page.evaluate(() => scrollBy(0, -1));
	await page.waitForTimeout(100);
	await genesis.evaluate((card) => {
		scrollBy(0, 1);
		card.style.minHeight = '1500px';
	});
	await expect.poll(() => distanceToEnd(page)).toBeLessThan(1);
});

test('of few ballots the page has all, and finds any by its receipt code', async ({ tab }) => {
	const { page } = tab;
	await tab.setMining(false);
	const ballots = Array.from({ length: BALLOTS }, (_, index) => goldenBallot(index));
	const codes = ballots.map(({ nullifier }) => receiptCode(nullifier));
	expect(await offerBlock(tab, forgeBlock(await tab.chain(), ballots))).toEqual({ accepted: true });
	await tab.goTo('Results');
	const table = page.getByRole('table', { name: 'Ballots' });
	await expect(table).toHaveAttribute('aria-rowcount', String(BALLOTS + 1));
	const row = (index: number) => table.getByRole('row', { name: codes[index]! });
	// So few are there without scrolling, the newest first.
	await expect(row(BALLOTS - 1)).toHaveAttribute('aria-rowindex', '2');
	await expect(row(0)).toHaveAttribute('aria-rowindex', String(BALLOTS + 1));

	const search = page.getByRole('searchbox', { name: 'Find a receipt code' });
	await search.fill(codes[4]!.toLowerCase().replaceAll('-', ' '));
	await expect(row(4)).toBeVisible();
	await expect(table).toHaveAttribute('aria-rowcount', '2');
	await expect(page.getByRole('status').filter({ hasText: `1 of ${BALLOTS} ballots` })).toBeVisible();
	await search.fill('U');
	await expect(page.getByText('No recorded ballot has this receipt code.')).toBeVisible();
	await search.fill('');
	await expect(table).toHaveAttribute('aria-rowcount', String(BALLOTS + 1));

	await row(7).getByRole('link', { name: '1' }).click();
	await expect(page.getByRole('article', { name: 'Block 1', exact: true })).toBeFocused();
});

/** Whether the page is scrolled to a place, and stays there for a few frames. */
async function isAtRest(page: Page, y: number): Promise<boolean> {
	return await page.evaluate(async (place) => {
		for (let frame = 0; frame < 5; frame++) {
			if (scrollY !== place) return false;
			await new Promise(requestAnimationFrame);
		}
		return scrollY === place;
	}, y);
}

/** Pixels of the page below the window. */
async function distanceToEnd(page: Page): Promise<number> {
	return await page.evaluate(() => document.documentElement.scrollHeight - innerHeight - scrollY);
}
