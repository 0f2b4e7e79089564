import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import type { ElectionId } from '../../src/lib/bytes/hash';
import { encodeElection } from '../../src/lib/election/definition';
import { DEMO_ELECTION, DEMO_VOTERS } from '../../src/lib/election/demo';
import { deferred } from '../../src/lib/node/deferred';
import { helloLike } from './support/rawPeer';
import { DEMO_PATH, Tab } from './support/tab';
import { expect, test } from './support/test';

/** An election that nobody holds. */
const UNKNOWN_ID = '1'.repeat(64) as ElectionId;
const UNKNOWN_PATH = `/#/election/${UNKNOWN_ID}`;
const [FIRST, SECOND] = DEMO_VOTERS as unknown as [
	{ voterId: string; code: string },
	{ voterId: string; code: string }
];

/** Expects one refusal on the page, in these words. */
async function expectRefusal(page: Page, words: RegExp): Promise<void> {
	await expect(page.getByRole('alert')).toHaveText(words);
}

async function castBallot(tab: Tab, voterId: string, option: string): Promise<void> {
	await tab.fillBallot(voterId, option);
	await tab.page.getByRole('dialog').getByRole('button', { name: 'Cast ballot' }).click();
}

test('what a voter gets wrong is said on the ballot paper', async ({ tab }) => {
	const { page } = tab;
	const voterBox = page.getByRole('textbox', { name: 'Voter ID' });
	const codeBox = page.getByRole('textbox', { name: 'Voting code' });
	const vote = async (voterId: string, code: string) => {
		await voterBox.fill(voterId);
		await codeBox.fill(code);
		await page.getByRole('button', { name: 'Vote', exact: true }).click();
	};

	await vote(FIRST.voterId, FIRST.code);
	await expectRefusal(page, /No option chosen/);
	await expect(page.getByRole('radiogroup')).toHaveAccessibleDescription(/No option chosen/);
	await page.getByRole('radio', { name: 'Socialist Party' }).click();
	await expect(page.getByRole('alert'), 'the refusal goes when its reason goes').toBeHidden();

	await vote('', FIRST.code);
	await expectRefusal(page, /Enter your voter ID/);
	await vote('VOID999', FIRST.code);
	await expectRefusal(page, /not on the roll/);
	await expect(voterBox).toHaveAccessibleDescription(/not on the roll/);

	await vote(FIRST.voterId, '');
	await expectRefusal(page, /Enter your voting code/);
	for (const code of [SECOND.code, `${FIRST.code.slice(0, -1)}2`, 'please', `${FIRST.code}${FIRST.code}`]) {
		await vote(FIRST.voterId, code);
		await expectRefusal(page, /does not belong to this voter ID/);
		await expect(codeBox).toHaveAccessibleDescription(/does not belong/);
	}
	await expect(page.getByRole('dialog')).toBeHidden();
	expect(await tab.status()).toMatchObject({ pending: 0, height: 0 });

	await vote(FIRST.voterId, FIRST.code);
	await expect(page.getByRole('dialog', { name: 'Confirm your vote' })).toBeVisible();
});

test('a peer that cannot be linked: not found, oneself, another election', async ({ tab, raw }) => {
	const { page } = tab;
	await tab.goTo('Network');
	const peerBox = page.getByRole('textbox', { name: 'Peer ID' });
	const link = async (peerId: string) => {
		await peerBox.fill(peerId);
		await page.getByRole('button', { name: 'Link', exact: true }).click();
	};

	for (const peerId of ['nobody-has-this', 'no peer ID at all!']) {
		await link(peerId);
		await expectRefusal(page, /Peer not found/);
		await expect(peerBox).toHaveAccessibleDescription(/Peer not found/);
	}
	await link(await tab.peerId());
	await expectRefusal(page, /peer ID of this tab/);

	const stranger = await raw.listen(await helloLike(tab, { electionId: UNKNOWN_ID, title: 'Another one' }));
	await link(stranger);
	await expectRefusal(page, /holds another election/);
	expect(await (await raw.newest()).ending()).toBe('other-election');
	expect((await tab.status()).peers).toEqual([]);
	await expect(page.getByRole('table', { name: 'Peers' })).not.toContainText(stranger);
});

test('an election that cannot be opened: nobody to ask, the wrong one asked, a false answer', async ({
	tab,
	raw,
	context
}) => {
	const page = await context.newPage();
	await page.goto(UNKNOWN_PATH);
	await expectRefusal(page, /no peer was there to hand it over/);

	const ask = async (peerId: string) => {
		await page.getByRole('textbox', { name: 'Peer ID' }).fill(peerId);
		await page.getByRole('button', { name: 'Ask this peer' }).click();
	};
	await ask('nobody-has-this');
	await expectRefusal(page, /Peer not found/);
	await ask(await tab.peerId());
	await expectRefusal(page, /holds another election/);

	const liar = await raw.listen(await helloLike(tab, { electionId: UNKNOWN_ID }));
	await ask(liar);
	const link = await raw.newest();
	await link.heard('getElection');
	await link.say({ type: 'election', definition: encodeElection(DEMO_ELECTION) });
	await expectRefusal(page, /breaks the rules/);
	expect(await page.evaluate(() => globalThis.pollen)).toBeUndefined();

	await page.goto('/');
	await page.getByRole('textbox', { name: 'Election link or peer ID' }).fill('nobody-has-this');
	await page.getByRole('button', { name: 'Open' }).click();
	await expectRefusal(page, /Peer not found/);
});

test('a link that names a peer which is gone opens the election all the same, and says so', async ({ context }) => {
	const page = await context.newPage();
	await page.goto(`${DEMO_PATH}?peer=nobody-has-this`);
	await expectRefusal(page, /Peer not found.*open in this tab all the same/);
	await page.getByRole('button', { name: 'Dismiss' }).click();
	await expect(page.getByRole('alert')).toBeHidden();
});

test('over plain HTTP the page says what is missing, instead of failing later', async ({ page, baseURL }) => {
	await page.route('http://pollen.test/**', async (route) => {
		const { pathname } = new URL(route.request().url());
		await route.fulfill({ response: await route.fetch({ url: new URL(pathname, baseURL).href }) });
	});
	await page.goto('http://pollen.test/');
	await expectRefusal(page, /plain HTTP/);
	await page.getByRole('link', { name: 'Try the demo election' }).click();
	await expect(page.getByRole('heading', { name: 'This election could not be opened' })).toBeVisible();
	await expectRefusal(page, /plain HTTP/);
	// Files that the page still fetches ahead are no longer of interest.
	await page.unrouteAll({ behavior: 'ignoreErrors' });
});

const ROOM_BYTES = 10_000_000;

/**
 * Sets how much the site may store in this page's profile; undefined gives back the browser's own limit. Chromium asks
 * for the limit only when a write is larger than what it believes is left, so that a lower one is noticed by a large write.
 */
async function limitStorage(session: CDPSession, origin: string, quotaSize: number | undefined): Promise<void> {
	await session.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize === undefined ? {} : { quotaSize }) });
}

/** Tries to store more than there is room for. Returns the name of the error. */
async function overfillStorage(page: Page): Promise<string> {
	return await page.evaluate(
		(bytes) =>
			new Promise<string>((resolve) => {
				const opening = indexedDB.open('filler');
				opening.onupgradeneeded = () => opening.result.createObjectStore('bytes');
				opening.onerror = () => resolve(opening.error!.name);
				opening.onsuccess = () => {
					const transaction = opening.result.transaction('bytes', 'readwrite');
					transaction.objectStore('bytes').put(new Uint8Array(bytes), 0);
					transaction.oncomplete = () => resolve('none');
					transaction.onabort = () => resolve(transaction.error!.name);
				};
			}),
		ROOM_BYTES
	);
}

test('with full storage a vote is refused and nothing is lost; with room it works again', async ({
	context,
	baseURL
}) => {
	const page = await context.newPage();
	const session = await context.newCDPSession(page);
	const { origin } = new URL(baseURL!);
	await limitStorage(session, origin, ROOM_BYTES);
	await page.goto(DEMO_PATH);
	const tab = new Tab(page);
	await tab.ready();
	await tab.setMining(false);
	await tab.vote('VOID001', 'Democratic Party');

	await limitStorage(session, origin, 1);
	expect(await overfillStorage(page)).toBe('QuotaExceededError');
	await castBallot(tab, 'VOID002', 'Socialist Party');
	await expect(page.getByRole('alert').first()).toHaveText(/storage of this browser is full/);
	expect((await tab.status()).pending, 'the first ballot, and not the second').toBe(1);
	await expect(page.getByRole('textbox', { name: 'Voter ID' }), 'the paper is as it was').toHaveValue('VOID002');

	await limitStorage(session, origin, undefined);
	await tab.vote('VOID002', 'Socialist Party');
	await expect(page.getByRole('alert'), 'the warning is gone').toBeHidden();
	await page.reload();
	await tab.ready();
	await expect.poll(() => tab.tally(), 'both ballots were kept').toEqual([1, 0, 1]);
});

async function expectNoProofWhile(
	tab: Tab,
	{ hinder, words }: { hinder: Parameters<BrowserContext['route']>[1]; words: RegExp }
): Promise<void> {
	await tab.page.context().route('**/artifacts/**', hinder);
	await castBallot(tab, 'VOID001', 'Republican Party');
	await expectRefusal(tab.page, words);
	expect((await tab.status()).pending).toBe(0);
}

test('without sound prover files a vote is refused, and works once they are there', async ({ profile }) => {
	const context = await profile('own');
	// Reading goes on undisturbed: what was to be fetched ahead is missed when it is needed.
	await context.route('**/artifacts/**', (route) => route.abort());
	const failed = context.waitForEvent('requestfailed');
	const tab = await Tab.open(context);
	await tab.setMining(false);
	await failed;
	await expect(tab.page.getByRole('alert')).toBeHidden();
	await expectNoProofWhile(tab, { hinder: (route) => route.abort(), words: /could not be loaded/ });
	await expectNoProofWhile(tab, { hinder: (route) => route.fulfill({ status: 404 }), words: /not be loaded/ });
	await expectNoProofWhile(tab, {
		hinder: (route) => route.fulfill({ body: 'not what was asked for' }),
		words: /are damaged/
	});
	await context.unroute('**/artifacts/**');
	// The ballot was confirmed, and is cast without asking again.
	await tab.page.getByRole('button', { name: 'Try again' }).click();
	await expect(tab.page.getByRole('heading', { name: 'Receipt' })).toBeInViewport();
	await expect.poll(async () => (await tab.status()).pending).toBe(1);
	await expect(tab.page.getByRole('alert')).toBeHidden();
});

test('the Vote page fetches what a vote needs, ahead and once; no other page does', async ({ profile }) => {
	const context = await profile('own');
	const asked: string[] = [];
	context.on('request', (request) => {
		if (request.url().includes('/artifacts/')) asked.push(new URL(request.url()).pathname);
	});
	const page = await context.newPage();
	await page.goto(`${DEMO_PATH}/results`);
	const tab = new Tab(page);
	await tab.ready();
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	// Longer than the Vote page would wait for a quiet moment.
	await page.waitForTimeout(3_000);
	expect(asked).toEqual([]);

	await tab.goTo('Vote');
	const kept = () => page.evaluate(async () => (await (await caches.open('pollen-artifacts')).keys()).length);
	await expect.poll(kept).toBe(2);
	expect(asked.toSorted()).toEqual(['/artifacts/semaphore-10.wasm', '/artifacts/semaphore-10.zkey']);

	await page.reload();
	await tab.ready();
	await tab.vote('VOID001', 'Republican Party');
	expect(asked, 'a second visit asks for nothing').toHaveLength(2);
});

test('on a slow link the page says how much has come of what a vote needs', async ({ profile }) => {
	const context = await profile('own');
	const held = deferred<void>();
	await context.route('**/artifacts/*.wasm', async (route) => {
		await held.promise;
		await route.continue();
	});
	const tab = await Tab.open(context);
	await tab.setMining(false);
	const bar = tab.page.getByRole('progressbar', { name: 'Getting what your vote needs' });
	await expect(bar).toHaveAttribute('aria-valuetext', '2.4 of 4.2 MB');
	await expect(tab.page.getByRole('alert')).toBeHidden();

	await castBallot(tab, 'VOID001', 'Republican Party');
	await expect(tab.page.getByRole('status').filter({ hasText: 'Getting what your vote needs' })).toBeVisible();
	await expect(bar).toHaveCount(1);
	held.resolve();
	await expect.poll(async () => (await tab.status()).pending).toBe(1);
	await expect(bar).toBeHidden();
});
