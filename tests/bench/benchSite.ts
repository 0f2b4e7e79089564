import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { preview } from 'vite';
import { peerServer } from '../../src/build/peerServer';
import { serveBuild } from '../../src/build/serveBuild';
import { noteElection } from '../e2e/support/noteElection';
import { Tab } from '../e2e/support/tab';
import { CHROMIUM_ARGS } from '../support/chromium.mjs';
import type { BenchElection } from './benchElection';
import { watchPages } from './pageNotes';

/** Tabs of the built site, which is served on a port of its own with its PeerServer. */
export interface BenchSite {
	/**
	 * Opens the election's results, in a profile of its own, and waits until the node runs. The tab does not mine by
	 * itself.
	 */
	openTab(election: BenchElection): Promise<Tab>;
	/** The same in a profile that knows the election already: somebody must. */
	openFirstTab(election: BenchElection): Promise<Tab>;
	/** Closes a tab and opens the election again in its profile, without waiting for anything: see {@link untilAtTip}. */
	reopen(tab: Tab, election: BenchElection): Promise<Tab>;
	/** Closes the profiles of all tabs. */
	closeTabs(): Promise<void>;
}

/** Runs `task` with the site that was built in a folder, and clears up after it. */
export async function withSite<T>(
	executablePath: string,
	task: (site: BenchSite) => Promise<T>,
	folder = 'build'
): Promise<T> {
	const plugins = [peerServer(), serveBuild(folder)];
	const server = await preview({ configFile: false, plugins, preview: { port: 0 }, logLevel: 'error' });
	const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
	try {
		const baseURL = server.resolvedUrls?.local[0];
		if (baseURL === undefined) throw new Error('the site is not served');
		return await task(siteOf(browser, baseURL));
	} finally {
		await browser.close();
		await server.close();
	}
}

function siteOf(browser: Browser, baseURL: string): BenchSite {
	const contexts: BrowserContext[] = [];
	const newContext = async (): Promise<BrowserContext> => {
		const context = await browser.newContext({ baseURL });
		await watchPages(context);
		contexts.push(context);
		return context;
	};
	return {
		openTab: async (election) => await open(await newContext(), election),
		async openFirstTab(election) {
			const context = await newContext();
			await noteElection(context, election);
			return await open(context, election);
		},
		async reopen(tab, { electionId }) {
			const context = tab.page.context();
			await tab.page.close();
			const page = await context.newPage();
			await page.goto(`/#/election/${electionId}`, { waitUntil: 'commit' });
			return new Tab(page);
		},
		async closeTabs() {
			for (const context of contexts.splice(0)) await context.close();
		}
	};
}

/** Resolves when a tab stands on this tip, with how long it took since it was navigated to: seconds, by its own clock. */
export async function untilAtTip({ page }: Tab, tip: string): Promise<number> {
	const condition = (wanted: string) => globalThis.pollen?.status().tip === wanted && performance.now();
	const handle = await page.waitForFunction(condition, tip, { timeout: 0, polling: 10 });
	return Number(await handle.jsonValue()) / 1_000;
}

async function open(context: BrowserContext, election: BenchElection): Promise<Tab> {
	const tab = new Tab(await context.newPage());
	// Of the election's pages the Vote page alone gets ready for a proof.
	await tab.page.goto(`/#/election/${election.electionId}/results`);
	await tab.ready();
	await tab.setMining(false);
	return tab;
}
