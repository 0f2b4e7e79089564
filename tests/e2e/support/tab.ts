import { expect, type BrowserContext, type Page } from '@playwright/test';
import { DEMO_ELECTION_ID } from '../../../src/lib/election/demo';
import type { ConsoleStatus } from '../../../src/lib/node/console';
import type { BlockJson } from '../../../src/lib/election/json';

export const DEMO_PATH = `/#/election/${DEMO_ELECTION_ID}`;

export type PageName = 'Vote' | 'Results' | 'Chain' | 'Network';

/** One browser tab with a node in it, driven as a person would drive it; `window.pollen` is only read. */
export class Tab {
	constructor(readonly page: Page) {}

	/** Opens the demo election, by a link that names a peer if one is given, and waits until the node runs. */
	static async open(context: BrowserContext, peerId?: string): Promise<Tab> {
		const tab = new Tab(await context.newPage());
		await tab.page.goto(peerId === undefined ? DEMO_PATH : `${DEMO_PATH}?peer=${peerId}`);
		await tab.ready();
		return tab;
	}

	/** Waits until the node runs and is known to the signalling server. */
	async ready(): Promise<void> {
		await this.page.waitForFunction(() => globalThis.pollen?.status().peerId !== undefined);
	}

	/** Ends when the page is shown, so that what is not there afterwards is not there for good reason. */
	async goTo(name: PageName): Promise<void> {
		const link = this.page.getByRole('link', { name, exact: true });
		await link.click();
		await expect(link).toHaveAttribute('aria-current', 'page');
	}

	async status(): Promise<ConsoleStatus> {
		return await this.page.evaluate(() => globalThis.pollen!.status());
	}

	async peerId(): Promise<string> {
		return (await this.status()).peerId!;
	}

	async chain(): Promise<BlockJson[]> {
		return (await this.page.evaluate(() => globalThis.pollen!.chain())).chain;
	}

	/** Votes by option of the demo's one contest, in the order of the options. */
	async tally(): Promise<number[]> {
		const results = await this.page.evaluate(() => globalThis.pollen!.results());
		return results.contests[0]!.options.map(({ votes }) => votes);
	}

	/** Fills the ballot paper for a sample voter and presses "Vote". */
	async fillBallot(voterId: string, option: string): Promise<void> {
		await this.goTo('Vote');
		await this.page.getByRole('region', { name: 'Sample voters' }).getByRole('button', { name: voterId }).click();
		await this.page.getByRole('radio', { name: option }).click();
		await this.page.getByRole('button', { name: 'Vote', exact: true }).click();
	}

	/** Votes through the page; returns the receipt code that it shows. */
	async vote(voterId: string, option: string): Promise<string> {
		await this.fillBallot(voterId, option);
		const dialog = this.page.getByRole('dialog', { name: 'Confirm your vote' });
		await dialog.getByRole('button', { name: 'Cast ballot' }).click();
		const outcome = this.page.getByRole('status').filter({ hasText: /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/ });
		await expect(outcome).toBeVisible();
		return /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await outcome.innerText())![0];
	}

	async link(peerId: string): Promise<void> {
		await this.goTo('Network');
		await this.page.getByRole('textbox', { name: 'Peer ID' }).fill(peerId);
		await this.page.getByRole('button', { name: 'Link', exact: true }).click();
		await expect.poll(async () => (await this.status()).peers).toContain(peerId);
	}

	async setMining(on: boolean): Promise<void> {
		await this.page.evaluate((value) => globalThis.pollen!.setMining(value), on);
	}

	/** Ends the tab's process without a word to anybody, as a crash does. */
	async crash(): Promise<void> {
		const crashed = this.page.waitForEvent('crash');
		const session = await this.page.context().newCDPSession(this.page);
		session.send('Page.crash').catch(() => undefined);
		await crashed;
		await this.page.close();
	}
}

/** Waits until all tabs are on one tip with nothing pending and hold this tally. */
export async function expectAgreement(tabs: readonly Tab[], tally: readonly number[]): Promise<void> {
	await expect(async () => {
		const statuses = await Promise.all(tabs.map((tab) => tab.status()));
		expect(new Set(statuses.map(({ tip }) => tip)).size).toBe(1);
		expect(statuses.map(({ pending }) => pending)).toEqual(tabs.map(() => 0));
		for (const tab of tabs) expect(await tab.tally()).toEqual(tally);
	}).toPass({ timeout: 240_000, intervals: [250] });
}

/** Waits until two tabs hold the same blocks to the last byte: while they mine, one may be a block ahead. */
export async function expectOneChain(a: Tab, b: Tab): Promise<void> {
	await expect(async () => expect(await a.chain()).toEqual(await b.chain())).toPass({ timeout: 180_000 });
}
