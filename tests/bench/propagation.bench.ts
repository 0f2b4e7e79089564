import type { BlockJson } from '../../src/lib/election/json';
import { CONFIRMATIONS } from '../../src/lib/node/limits';
import { expectMesh } from '../e2e/support/mesh';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection, type BenchElection } from './benchElection';
import { withSite, type BenchSite } from './benchSite';
import { keptBallots } from './keptBallots';
import { percentile } from './percentile';
import type { BenchRow } from './row';
import { showProgress } from './showProgress';

const TABS = [8, 16];
const VOTERS = 100;
const BLOCKS = { quick: 10, whole: 20 };
const BALLOTS = 3;
/** A tab looks at its tip so often: this is how fine the figures are. */
const LOOK_MS = 4;
/** A ballot is proved first, and may travel in the quiet for half a minute. */
const TIMEOUT_MS = 120_000;

/**
 * How long a block takes to become the tip of the other tabs, from the moment the tab that has it first holds it to be its
 * tip; each block begins in another tab, and all but the last few carry a ballot that nobody has seen before, whose proof
 * each tab verifies. Against the time between blocks: while a block is on its way, others may mine beside it. And how long
 * a ballot takes from the call until every tab has it, against what its own tab takes to prove and accept it. All tabs are
 * in one browser on one machine, on links that they found by themselves, and do not mine.
 */
export async function benchPropagation(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const election = benchElection(VOTERS);
	const blocks = isQuick ? BLOCKS.quick : BLOCKS.whole;
	// The last blocks of a bench chain are empty; each of the others carries one of these.
	const chain = benchChain(election, await keptBallots(election, blocks + 1 - CONFIRMATIONS), blocks + 1);
	return await withSite(executablePath, async (site) => {
		const rows: BenchRow[] = [];
		for (const count of TABS) {
			const tabs = await openMesh(site, election, count);
			const delays = await measureBlocks(tabs, chain);
			const row = (name: string, share: number): BenchRow => {
				const [ours, theirs] = [percentile(delays, share), election.election.blockInterval];
				const what = `a block to ${count} tabs, ${name} (theirs: time between blocks)`;
				return { name: what, ours, theirs, ratio: theirs / ours, unit: 'ms' };
			};
			rows.push(row('p50', 0.5), row('p95', 0.95), await measureBallots(tabs, election));
			await site.closeTabs();
		}
		return rows;
	});
}

async function openMesh(site: BenchSite, election: BenchElection, count: number): Promise<Tab[]> {
	const tabs = [await site.openFirstTab(election)];
	// One after the other, as people come: what is measured begins when all are there.
	while (tabs.length < count) {
		tabs.push(await site.openTab(election));
		showProgress(tabs.length, count, 'tabs opened');
	}
	await expectMesh(tabs);
	return tabs;
}

/**
 * One delay for each block and tab but the one where it began. The first block does not count: with it each tab starts its
 * verifier.
 */
async function measureBlocks(tabs: readonly Tab[], chain: readonly BlockJson[]): Promise<number[]> {
	const delays: number[] = [];
	for (const [index, block] of chain.entries()) {
		const first = tabs[index % tabs.length]!;
		const own = shownAt(first, 'tip', block.hash);
		const arrivals = tabs.filter((tab) => tab !== first).map((tab) => shownAt(tab, 'tip', block.hash));
		await first.page.evaluate((block) => globalThis.pollen!.addBlock(block), block);
		const startedAt = await own;
		const found = (await Promise.all(arrivals)).map((arrivedAt) => arrivedAt - startedAt);
		if (index > 0) delays.push(...found);
		showProgress(index + 1, chain.length, `blocks to ${tabs.length} tabs`);
	}
	return delays;
}

/** The medians of a few ballots, each cast in another tab. */
async function measureBallots(tabs: readonly Tab[], { election, codes }: BenchElection): Promise<BenchRow> {
	const seconds: { accepted: number; everywhere: number }[] = [];
	for (let ballot = 1; ballot <= BALLOTS; ballot++) {
		// Whose ballots are on no chain of this benchmark.
		const voter = VOTERS - ballot;
		const request = { voterId: election.roll[voter]!.voterId, code: codes[voter]!, choices: [0] };
		const arrivals = tabs.map((tab) => shownAt(tab, 'pending', ballot));
		const [calledAt, acceptedAt] = await tabs[ballot % tabs.length]!.page.evaluate(async (request) => {
			const calledAt = Date.now();
			await globalThis.pollen!.vote(request);
			return [calledAt, Date.now()] as const;
		}, request);
		const arrivedAt = Math.max(...(await Promise.all(arrivals)));
		seconds.push({ accepted: (acceptedAt - calledAt) / 1_000, everywhere: (arrivedAt - calledAt) / 1_000 });
		showProgress(ballot, BALLOTS, `ballots to ${tabs.length} tabs`);
	}
	const ours = percentile(
		seconds.map(({ everywhere }) => everywhere),
		0.5
	);
	const theirs = percentile(
		seconds.map(({ accepted }) => accepted),
		0.5
	);
	return {
		name: `a ballot to ${tabs.length} tabs, against its proof alone`,
		ours,
		theirs,
		ratio: theirs / ours,
		unit: 's'
	};
}

/** When this tab's status showed a value, by the clock of the machine, which all tabs have in common. */
async function shownAt({ page }: Tab, key: 'tip' | 'pending', value: string | number): Promise<number> {
	return await page.evaluate(
		([key, value, lookMs, timeoutMs]) =>
			new Promise<number>((resolve, reject) => {
				const startedAt = Date.now();
				const look = setInterval(() => {
					const isShown = globalThis.pollen!.status()[key] === value;
					if (!isShown && Date.now() - startedAt < timeoutMs) return;
					clearInterval(look);
					if (isShown) resolve(Date.now());
					else reject(new Error('a block or ballot did not arrive'));
				}, lookMs);
			}),
		[key, value, LOOK_MS, TIMEOUT_MS] as const
	);
}
