import { expect, type Locator, type Page } from '@playwright/test';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection } from './benchElection';
import { withSite, type BenchSite } from './benchSite';
import { framesOfScrolling } from './frames';
import { handChain } from './handChain';
import { siteOfKnownKey } from './knownKeySite';
import { simulatedBallots } from './knownTrapdoor';
import { percentile } from './percentile';
import type { BenchRow } from './row';

/** Headless Chromium draws 60 frames a second. */
const FRAME_MS = 1_000 / 60;
/** A frame that took longer was late. */
const SLOW_FRAME_MS = 20;
/** What feels immediate (Nielsen, Usability Engineering, 1993). */
const IMMEDIATE_MS = 100;
/** In which a page is drawn where it was scrolled to. */
const SETTLED_MS = 500;

/** The pages that list everything, in a tab that holds a chain of many ballots. */
export async function benchLists(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const [blocks, voters] = isQuick ? [60, 300] : [2_000, 10_000];
	const election = benchElection(voters);
	const chain = benchChain(election, await simulatedBallots(election), blocks);
	const measure = async (site: BenchSite): Promise<BenchRow[]> => {
		const tab = await site.openFirstTab(election);
		await handChain(tab, chain);
		return await measureLists(tab);
	};
	return await withSite(executablePath, measure, await siteOfKnownKey());
}

/**
 * How evenly Results and Chain of a tab scroll under the wheel from top to end, against a page of the same browser that is
 * as long and empty: no page has better frames. How long the main thread is busy with a key pressed in the search, until
 * the result is painted, against a frame; and how long it takes from following a link to the oldest ballot's block until its card is
 * painted.
 * @param tab that holds a chain with ballots and shows a page of its election
 */
export async function measureLists(tab: Tab): Promise<BenchRow[]> {
	const { page } = tab;
	await page.setViewportSize({ width: 1280, height: 800 });
	const rows: BenchRow[] = [];
	for (const name of ['Results', 'Chain'] as const) {
		await show(tab, name);
		rows.push(...(await measureScrolling(page, name)));
	}
	await show(tab, 'Results');
	return [...rows, await measureSearch(page), await measureJump(page)];
}

/** Goes to a page and waits until it lies still: a navigation ends with scrolling to the top. */
async function show(tab: Tab, name: 'Results' | 'Chain'): Promise<void> {
	await tab.goTo(name);
	await tab.page.getByRole('heading', { level: 1, name }).waitFor();
	await tab.page.waitForTimeout(SETTLED_MS);
}

async function measureScrolling(page: Page, name: string): Promise<BenchRow[]> {
	const length = await page.evaluate(() => document.documentElement.scrollHeight);
	const empty = await page.context().newPage();
	await empty.setViewportSize(page.viewportSize()!);
	await empty.setContent(`<div style="height: ${length}px">`);
	const theirs = await framesOfScrolling(empty);
	await empty.close();
	await page.bringToFront();
	const ours = await framesOfScrolling(page);
	const onTime = (frames: readonly number[]) =>
		(100 * frames.filter((frame) => frame <= SLOW_FRAME_MS).length) / frames.length;
	const [most, mostTheirs] = [Math.max(...ours), Math.max(...theirs)];
	const row = (what: string, a: number, b: number, ratio: number, unit: string): BenchRow => ({
		name: `${name} scrolls ${length.toLocaleString('en')} px, ${what}, against an empty page`,
		ours: a,
		theirs: b,
		ratio,
		unit
	});
	return [
		row('frames within 20 ms', onTime(ours), onTime(theirs), onTime(ours) / onTime(theirs), '%'),
		row(
			'frame p99',
			percentile(ours, 0.99),
			percentile(theirs, 0.99),
			percentile(theirs, 0.99) / percentile(ours, 0.99),
			'ms'
		),
		row('longest frame', most, mostTheirs, mostTheirs / most, 'ms')
	];
}

declare global {
	/** How long the main thread was busy with each key, in ms. */
	var busyTimes: number[] | undefined;
}

/** The code of the oldest ballot, typed and deleted key by key. */
async function measureSearch(page: Page): Promise<BenchRow> {
	const code = (await (await oldestBallot(page)).locator('th').innerText()).trim();
	const field = page.getByRole('searchbox', { name: 'Find a receipt code' });
	await field.focus();
	await page.evaluate(() => {
		globalThis.busyTimes = [];
		// A message is a task after that of the key, in which the page does what it does; or after the painting of a frame.
		const afterKey = new MessageChannel();
		const afterFrame = new MessageChannel();
		let pressedAt = 0;
		let handled = 0;
		let drawingAt = 0;
		afterKey.port1.onmessage = () => (handled = performance.now() - pressedAt);
		afterFrame.port1.onmessage = () => globalThis.busyTimes!.push(handled + performance.now() - drawingAt);
		addEventListener(
			'input',
			() => {
				pressedAt = performance.now();
				afterKey.port2.postMessage(undefined);
				requestAnimationFrame(() => {
					drawingAt = performance.now();
					afterFrame.port2.postMessage(undefined);
				});
			},
			{ capture: true }
		);
	});
	for (const key of [...code, ...[...code].map(() => 'Backspace')]) {
		await page.keyboard.press(key);
		await page.waitForTimeout(2 * FRAME_MS);
	}
	const ours = Math.max(...(await page.evaluate(() => globalThis.busyTimes!)));
	const name = 'a key in the search until painted, longest (theirs: a frame)';
	return { name, ours, theirs: FRAME_MS, ratio: FRAME_MS / ours, unit: 'ms' };
}

/** From the link of the oldest ballot to its block. */
async function measureJump(page: Page): Promise<BenchRow> {
	const link = (await oldestBallot(page)).getByRole('link');
	const ours = await link.evaluate(async (anchor: HTMLAnchorElement) => {
		const startedAt = performance.now();
		anchor.click();
		do await new Promise(requestAnimationFrame);
		while (!document.activeElement?.matches('article[id]:not([aria-busy=true])'));
		await new Promise(requestAnimationFrame);
		return performance.now() - startedAt;
	});
	const name = 'from a link to a block of long ago to its card (theirs: what feels immediate)';
	return { name, ours, theirs: IMMEDIATE_MS, ratio: IMMEDIATE_MS / ours, unit: 'ms' };
}

/** Its row, brought into view. */
async function oldestBallot(page: Page): Promise<Locator> {
	const table = page.getByRole('table', { name: 'Ballots' });
	const rows = await table.getAttribute('aria-rowcount');
	const row = table.locator(`[aria-rowindex="${rows}"]`);
	await expect(async () => {
		await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
		// Rows that are measured for the first time may still move the end.
		await page.waitForTimeout(SETTLED_MS);
		await expect(row).toBeVisible({ timeout: 1 });
	}).toPass();
	return row;
}
