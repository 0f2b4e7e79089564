import type { Browser } from '@playwright/test';
import { REGISTRATION_TIMEOUT_MS, SIGNALLING_BACKOFF_MS } from '../../src/lib/network/limits';
import { startSignalling, type SignallingServer } from '../support/signallingServer';
import { goldenBallot } from './support/forge';
import { offerBallot } from './support/offer';
import { DEMO_PATH, expectAgreement, Tab } from './support/tab';
import { collectComplaints, expect, test as base, withSignalling } from './support/test';

/** Backoff has grown by the time the server is back: a tab may just have failed, and wait for as long as tabs do. */
const RETURN_TIMEOUT_MS = SIGNALLING_BACKOFF_MS.longest + 2 * REGISTRATION_TIMEOUT_MS;

const UNREACHABLE = /signalling server cannot be reached.*Voting and mining still work/;

/** A PeerServer of this file's own, which its tests may stop. */
let server: SignallingServer;

/** Opens a tab in a profile of its own that uses `server`. Waits for the node, but not for a peer ID. */
const test = base.extend<{ openWithServer: () => Promise<Tab> }>({
	openWithServer: async ({ browser, baseURL, complaints }, use) => {
		server = await startSignalling(0);
		const opened: Tab[] = [];
		await use(async () => {
			const tab = await openTab(browser, baseURL!, server.port, complaints);
			opened.push(tab);
			return tab;
		});
		for (const { page } of opened) await page.context().close();
		await server.stop();
	}
});

async function openTab(browser: Browser, baseURL: string, port: number, complaints: string[]): Promise<Tab> {
	const context = await browser.newContext({ baseURL });
	collectComplaints(context, complaints);
	await withSignalling(context, port, false);
	const page = await context.newPage();
	await page.goto(DEMO_PATH);
	await page.waitForFunction(() => globalThis.pollen !== undefined);
	return new Tab(page);
}

test('without the signalling server links go on, and a new tab votes and mines alone', async ({ openWithServer }) => {
	const first = await openWithServer();
	const second = await openWithServer();
	for (const tab of [first, second]) {
		await tab.ready();
		await tab.setMining(false);
	}
	await first.link(await second.peerId());

	await server.stop();
	await expect(first.page.getByRole('alert')).toHaveText(UNREACHABLE);
	await first.vote('VOID001', 'Democratic Party');
	await expect.poll(async () => (await second.status()).pending, 'the ballot crosses').toBe(1);
	await second.page.evaluate(() => globalThis.pollen!.mine());
	await expectAgreement([first, second], [1, 0, 0]);

	const alone = await openWithServer();
	await alone.vote('VOID002', 'Socialist Party');
	await expect.poll(() => alone.tally(), 'it mines its ballot').toEqual([0, 0, 1]);
	await alone.goTo('Network');
	await expect(alone.page.getByRole('alert')).toHaveText(UNREACHABLE);
	await alone.page.getByRole('textbox', { name: 'Peer ID' }).fill(await first.peerId());
	await alone.page.getByRole('button', { name: 'Link', exact: true }).click();
	await expect(alone.page.getByRole('textbox', { name: 'Peer ID' })).toHaveAccessibleDescription(UNREACHABLE);

	await server.start();
	await first.goTo('Network');
	await expect(first.page.getByRole('alert')).toBeHidden({ timeout: RETURN_TIMEOUT_MS });
	await expect(first.page.getByText(/Others can reach this tab/)).toBeVisible();
	await alone.page.waitForFunction(() => globalThis.pollen!.status().peerId, null, { timeout: RETURN_TIMEOUT_MS });
	await expect(alone.page.getByText(/Others can reach this tab/)).toBeVisible({ timeout: RETURN_TIMEOUT_MS });
	await alone.link(await first.peerId());
	await first.setMining(true);
	await expectAgreement([first, second, alone], [1, 0, 1]);
});

test('a lost link is dialled again', async ({ openTab }) => {
	const first = await openTab('a');
	const second = await openTab('b');
	await second.page.addInitScript(() => {
		const channels = new Set<RTCDataChannel>();
		const { send } = RTCDataChannel.prototype;
		Object.assign(RTCDataChannel.prototype, {
			send(this: RTCDataChannel, data: Uint8Array<ArrayBuffer>) {
				channels.add(this);
				send.call(this, data);
			}
		});
		Object.assign(globalThis, { channels });
	});
	await second.page.reload();
	await second.ready();
	await first.setMining(false);
	await second.setMining(false);
	const secondId = await second.peerId();
	await first.link(secondId);

	await second.page.evaluate(() => {
		for (const channel of (globalThis as unknown as { channels: Set<RTCDataChannel> }).channels) channel.close();
	});
	await second.page.waitForFunction(() => {
		const states = [...(globalThis as unknown as { channels: Set<RTCDataChannel> }).channels];
		return states.length > 1 && states.some(({ readyState }) => readyState === 'open');
	});
	await expect.poll(async () => (await first.status()).peers).toEqual([secondId]);
	await offerBallot(first, goldenBallot(0));
	await expect.poll(async () => (await second.status()).pending, 'the new link carries ballots').toBe(1);
});
