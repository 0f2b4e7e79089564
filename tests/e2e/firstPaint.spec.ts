import type { Page, Route } from '@playwright/test';
import { DEMO_ELECTION_ID } from '../../src/lib/election/demo';
import { expect, test } from './support/test';
import { DEMO_PATH } from './support/tab';

const HEADING = 'An election that nobody has to run';

/** Holds back every script of the site, or some, until it is told to go on. */
async function holdScripts(page: Page, which = '**/*.js'): Promise<() => Promise<void>> {
	const held: Route[] = [];
	let isOver = false;
	await page.route(which, (route) => (isOver ? route.continue() : void held.push(route)));
	return async () => {
		isOver = true;
		await Promise.all(held.map((route) => route.continue()));
	};
}

/** Waits until the scripts have taken the page over. */
async function started(page: Page): Promise<void> {
	await page.waitForFunction(() => performance.getEntriesByName('pollen-started').length > 0);
}

/** Waits until the page was painted. */
async function painted(page: Page): Promise<void> {
	await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
}

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('the home page says what Pollen is, and that it needs JavaScript', async ({ page }) => {
		await page.goto('/');
		await expect(page.getByRole('heading', { name: HEADING })).toBeVisible();
		await expect(page.getByRole('heading', { name: 'Four promises, and where each one ends' })).toBeVisible();
		await expect(page.getByRole('link', { name: 'New election' })).toBeVisible();
		await expect(page.locator('noscript p')).toBeVisible();
		await expect(page.getByRole('alert')).toHaveCount(0);
	});
});

test('the words of the home page are painted before any script has come, and stay where they are when they have', async ({
	page
}) => {
	for (const [width, height] of [
		[1280, 800],
		[390, 844]
	] as const) {
		await page.setViewportSize({ width, height });
		const release = await holdScripts(page);
		await page.goto('/', { waitUntil: 'commit' });
		await painted(page);
		await expect(page.getByRole('heading', { name: HEADING })).toBeVisible();
		expect(await page.evaluate(() => performance.getEntriesByName('pollen-started').length)).toBe(0);
		const before = await page.screenshot({ fullPage: true });
		await page.evaluate(() => {
			Object.assign(globalThis, { heading: document.querySelector('h1'), shifts: 0 });
			new PerformanceObserver((list) => {
				(globalThis as unknown as { shifts: number }).shifts += list.getEntries().length;
			}).observe({ type: 'layout-shift' });
		});
		await release();
		await started(page);
		// What was there is taken over, not written anew beside or instead of it.
		expect(
			await page.evaluate(
				() => document.querySelector('h1') === (globalThis as unknown as { heading: Element }).heading
			)
		).toBe(true);
		await expect(page.getByRole('main')).toHaveCount(1);
		// Before the picture, for which the window grows.
		expect(await page.evaluate(() => (globalThis as unknown as { shifts: number }).shifts)).toBe(0);
		expect((await page.screenshot({ fullPage: true })).equals(before), 'nothing looks different').toBe(true);
		await page.unroute('**/*.js');
	}
});

test('what a visitor does before the scripts have come is not lost', async ({ page, complaints }) => {
	page.on('console', (message) => {
		if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text());
	});
	const release = await holdScripts(page);
	await page.goto('/', { waitUntil: 'commit' });
	await page.getByRole('textbox', { name: 'Election link or peer ID' }).fill('neither of them');
	await page.getByRole('button', { name: 'Open', exact: true }).click();
	await release();
	await expect(page.getByRole('alert')).toContainText('neither an election link nor a peer ID');
	await expect(page.getByRole('textbox', { name: 'Election link or peer ID' })).toHaveValue('neither of them');
});

test('a link that is followed before the scripts have come is followed', async ({ page }) => {
	const release = await holdScripts(page);
	await page.goto('/', { waitUntil: 'commit' });
	await page.getByRole('link', { name: 'New election' }).click();
	await expect(page.getByRole('heading', { name: HEADING })).toBeHidden();
	await release();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('New election');
	await expect(page.getByRole('main')).toHaveCount(1);
	await page.goBack();
	await expect(page.getByRole('heading', { name: HEADING })).toBeVisible();
});

for (const [from, link, to] of [
	['/', 'New election', 'New election'],
	['/#/new', 'Pollen', HEADING]
] as const) {
	test(`a link to ${to} that is followed while the page at ${from} starts is followed`, async ({ page }) => {
		const release = await holdScripts(page, '**/nodes/*.js');
		await page.goto(from, { waitUntil: 'commit' });
		// The router has read the address, and has no page to show yet.
		await page.waitForFunction(() => history.state?.['sveltekit:history'] !== undefined);
		await page.getByRole('link', { name: link }).click();
		await release();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText(to);
		await expect(page.getByRole('main')).toHaveCount(1);
		await page.goBack();
		await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(to);
	});
}

for (const path of [DEMO_PATH, '/#/new']) {
	test(`the link ${path.replace(DEMO_ELECTION_ID, '…')} never shows the words of the home page`, async ({ page }) => {
		// Also not for a moment: the page is looked at in every frame from its first.
		await page.addInitScript(() => {
			const flashes: string[] = [];
			Object.assign(globalThis, { flashes });
			const look = (): void => {
				const heading = document.querySelector('h1');
				if (heading?.checkVisibility()) flashes.push(heading.textContent);
				requestAnimationFrame(look);
			};
			requestAnimationFrame(look);
		});
		const release = await holdScripts(page);
		await page.goto(path, { waitUntil: 'commit' });
		await painted(page);
		await expect(page.getByRole('link', { name: 'Pollen' })).toBeVisible();
		await expect(page.getByRole('heading', { name: HEADING })).toBeHidden();
		await expect(page.getByText('Free software')).toBeVisible();
		await release();
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		await expect(page.getByRole('main')).toHaveCount(1);
		expect(await page.evaluate(() => (globalThis as unknown as { flashes: string[] }).flashes)).not.toContain(HEADING);
		expect(await page.locator('html').getAttribute('class')).toBe('');
	});
}

test('an election page needs no prover to be read and filled in', async ({ page }) => {
	const blocked: string[] = [];
	await page.context().route(/\/(proofs\.worker[^/]*\.js|artifacts\/.*)$/, (route) => {
		blocked.push(route.request().url());
		return route.abort();
	});
	await page.goto(DEMO_PATH);
	await page.getByRole('button', { name: 'VOID001' }).click();
	await page.getByRole('radio', { name: 'Democratic Party' }).click();
	await expect(page.getByRole('radio', { name: 'Democratic Party' })).toBeChecked();
	await page.getByRole('link', { name: 'Results', exact: true }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/results/i);
	await expect(page.getByRole('table').first()).toContainText('Democratic Party');
	expect(blocked, 'the prover was asked for, and never came').not.toEqual([]);
});
