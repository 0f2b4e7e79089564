import { test as base, expect, type BrowserContext } from '@playwright/test';
import { RawPage } from './rawPeer';
import { Tab } from './tab';

interface Fixtures {
	/** Whether tabs find each other by an election's well-known IDs; off unless told, so that tests decide who is linked. */
	rendezvous: boolean;
	/** The named browser profile: what shares a name shares storage. */
	profile: (name: string) => Promise<BrowserContext>;
	/** A tab in the test's own browser profile. */
	tab: Tab;
	/** Opens a tab: of a named profile ('a' and 'a' share storage, 'a' and 'b' do not), by a link to a peer if given. */
	openTab: (profile: string, peerId?: string) => Promise<Tab>;
	/** A page that speaks PeerJS and is no node. */
	raw: RawPage;
	/** What pages say on their consoles that nobody should see: uncaught errors and violations of the policy. */
	complaints: string[];
}

/** Playwright's test, with tabs, and with every test failing when a page complained. */
export const test = base.extend<Fixtures>({
	complaints: async ({}, use) => {
		const complaints: string[] = [];
		await use(complaints);
		expect(complaints, 'uncaught errors and policy violations').toEqual([]);
	},
	rendezvous: [false, { option: true }],
	context: async ({ context, rendezvous }, use) => {
		if (!rendezvous) await withoutRendezvous(context);
		await use(context);
	},
	profile: async ({ browser, baseURL, complaints, rendezvous }, use) => {
		const profiles = new Map<string, BrowserContext>();
		await use(async (name) => {
			let context = profiles.get(name);
			if (!context) {
				context = await browser.newContext({ baseURL: baseURL! });
				collectComplaints(context, complaints);
				if (!rendezvous) await withoutRendezvous(context);
				profiles.set(name, context);
			}
			return context;
		});
		for (const context of profiles.values()) await context.close();
	},
	openTab: async ({ profile }, use) => {
		await use(async (name, peerId) => await Tab.open(await profile(name), peerId));
	},
	raw: async ({ browser, baseURL }, use) => {
		const raw = await RawPage.open(browser, baseURL!);
		await use(raw);
		await raw.stop();
	},
	tab: async ({ openTab }, use) => {
		await use(await openTab('own'));
	}
});

/** Gives pages the same config.json with rendezvous switched off. */
export async function withoutRendezvous(context: BrowserContext): Promise<void> {
	await withConfig(context, { signalling: 'same-origin', iceServers: [], rendezvous: false });
}

/** Gives pages a config.json that sends them to a PeerServer of the test's own at this port. */
export async function withSignalling(context: BrowserContext, port: number, rendezvous: boolean): Promise<void> {
	// The page's policy lets it talk to localhost by name; the server listens on 127.0.0.1.
	const signalling = { host: 'localhost', port, path: '/', secure: false };
	await withConfig(context, { signalling, iceServers: [], rendezvous });
}

/** In the page and not by a route, with which every file of every page would pass through the test, and none be cached. */
async function withConfig(context: BrowserContext, config: object): Promise<void> {
	await context.addInitScript((config) => {
		const fetchFile = globalThis.fetch;
		globalThis.fetch = async (input, init) =>
			String(input).endsWith('/config.json') ? Response.json(config) : await fetchFile(input, init);
	}, config);
}

/** Notes what the pages of a context complain about; for contexts that outlive a test. */
export function collectComplaints(context: BrowserContext, complaints: string[]): void {
	context.on('weberror', (error) => complaints.push(String(error.error())));
	context.on('console', (message) => {
		if (/Content.Security.Policy|Refused to/i.test(message.text())) complaints.push(message.text());
	});
}

export { expect };
