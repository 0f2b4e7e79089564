import type { Hash, TransactionId } from '../../src/lib/bytes/hash';
import { encodeBlock } from '../../src/lib/election/block';
import type { WireMessage } from '../../src/lib/wire/messages';
import { startSignalling, type SignallingServer } from '../support/signallingServer';
import { forgeBlock, goldenBallot } from './support/forge';
import { expectKnown, expectMesh } from './support/mesh';
import { helloLike, RawPage, type RawLink } from './support/rawPeer';
import { watchSeats } from './support/seats';
import { expectAgreement, Tab } from './support/tab';
import { collectComplaints, expect, test as base, withSignalling } from './support/test';

/** A tab, and whether it is one of those by which others find the election. */
interface MeshTab {
	readonly tab: Tab;
	readonly holdsSeat: () => boolean;
}

interface Fixtures {
	/** A PeerServer of the test's own, which it may stop. */
	signalling: SignallingServer;
	/** Opens the demo election in a browser profile of its own, by its link alone. The tab does not mine by itself. */
	openByLink: () => Promise<MeshTab>;
	/** A page that speaks PeerJS and is no node, at the same PeerServer. */
	stranger: RawPage;
}

const test = base.extend<Fixtures>({
	signalling: async ({}, use) => {
		const server = await startSignalling(0);
		await use(server);
		await server.stop();
	},
	openByLink: async ({ browser, baseURL, complaints, signalling }, use) => {
		const opened: Tab[] = [];
		await use(async () => {
			const context = await browser.newContext({ baseURL: baseURL! });
			collectComplaints(context, complaints);
			const holdsSeat = watchSeats(context);
			await withSignalling(context, signalling.port, true);
			const tab = await Tab.open(context);
			opened.push(tab);
			await tab.setMining(false);
			return { tab, holdsSeat };
		});
		for (const { page } of opened) await page.context().close();
	},
	stranger: async ({ browser, baseURL, signalling }, use) => {
		const page = await RawPage.open(browser, baseURL!, { port: signalling.port, path: '/' });
		await use(page);
		await page.stop();
	}
});

test('eight tabs that know nothing but the election’s link hold it through floods, deaths and an outage', async ({
	openByLink,
	signalling,
	stranger
}) => {
	const mesh = await Promise.all(Array.from({ length: 8 }, () => openByLink()));
	const all = mesh.map(({ tab }) => tab);
	await expectMesh(all);

	const [miner, victim, ...others] = all as [Tab, Tab, ...Tab[]];
	await miner.setMining(true);
	await Promise.all([
		flood(stranger, victim),
		others[0]!.vote('VOID001', 'Democratic Party'),
		others[1]!.vote('VOID002', 'Republican Party')
	]);
	await victim.vote('VOID003', 'Socialist Party');
	await expectKnown(all, 3);

	const killable = mesh.filter(({ tab }) => tab !== miner && tab !== victim);
	// Four of the eight hold a seat once all is settled, so that two of these six do at least.
	await expect.poll(() => killable.some(({ holdsSeat }) => holdsSeat())).toBe(true);
	const [holder, other] = killable.toSorted((a, b) => Number(b.holdsSeat()) - Number(a.holdsSeat()));
	await Promise.all([holder!.tab.crash(), other!.tab.crash()]);
	const survivors = mesh.filter((member) => member !== holder && member !== other);
	const left = survivors.map(({ tab }) => tab);
	await expectMesh(left);

	await signalling.stop();
	await expect.poll(() => survivors.some(({ holdsSeat }) => holdsSeat()), 'nobody holds a seat any more').toBe(false);
	await left.at(-1)!.vote('VOID004', 'Democratic Party');
	await expectKnown(left, 4);

	await signalling.start();
	const { tab: ninth } = await openByLink();
	await expectMesh([...left, ninth]);
	await expectKnown([ninth], 4);
	await ninth.vote('VOID005', 'Socialist Party');
	await expectAgreement([...left, ninth], [2, 1, 2]);

	const verified = await ninth.page.evaluate(() => globalThis.pollen!.verify());
	expect(verified).toMatchObject({ valid: true, ballots: 5, problems: [] });
	await expectRid(left, [await ninth.peerId()]);
});

/** Waits until no tab counts anybody among its peers but these tabs: the dead and the stranger are gone. */
async function expectRid(tabs: readonly Tab[], moreIds: readonly string[]): Promise<void> {
	const known = new Set([...moreIds, ...(await Promise.all(tabs.map((tab) => tab.peerId())))]);
	await expect
		.poll(async () => {
			const statuses = await Promise.all(tabs.map((tab) => tab.status()));
			return statuses.flatMap(({ peers }) => peers.filter((peerId) => !known.has(peerId)));
		}, 'links to the dead and to the stranger are given up')
		.toEqual([]);
}

/** Everything that costs a stranger nothing, as fast as it can. What it is told in return, it does not care about. */
async function flood(stranger: RawPage, victim: Tab): Promise<void> {
	const target = await victim.peerId();
	const chain = await victim.chain();
	const greet = async () => await greetSometime(stranger, target, await helloLike(victim));

	await stranger.offer(target, 40);
	const garbage = await greet();
	await garbage.send(...Array.from({ length: 50 }, (_, index) => new Uint8Array(1_000).fill(index + 2)));
	expect(await garbage.ending()).toBe('bad-frame');

	const headers = await greet();
	const easy = forgeBlock(chain, [], { target: 2n ** 256n - 1n });
	await headers.say({ type: 'headers', headers: [easy.header] });
	expect(await headers.ending()).toBe('bad-target');

	const inventories = await greet();
	const ids = Array.from({ length: 500 }, (_, index) => index.toString(16).padStart(64, 'd') as Hash as TransactionId);
	await inventories.repeat({ type: 'inventory', ids }, 400);

	const blocks = await greet();
	const unasked = forgeBlock(chain, [goldenBallot(7)], {
		previousHash: 'b'.repeat(64) as Hash,
		target: 2n ** 256n - 1n
	});
	await blocks.repeat({ type: 'block', block: encodeBlock(unasked) }, 2_000);
	await stranger.offer(target, 40);
	for (const link of [inventories, blocks]) await link.close();
}

/** A node that is flooded with offers has no room for a link, or drops a new one, until it has seen that nothing comes of them. */
async function greetSometime(stranger: RawPage, target: string, hello: WireMessage): Promise<RawLink> {
	let link: RawLink | undefined;
	await expect(async () => {
		const dialled = await stranger.dial(target);
		await expect.poll(() => dialled.isOpen(), { timeout: 5_000 }).toBe(true);
		await dialled.say(hello);
		await dialled.heard('hello', { timeout: 5_000 });
		link = dialled;
	}).toPass({ timeout: 60_000 });
	return link!;
}
