import type { BlockJson } from '../../src/lib/election/json';
import { CONFIRMATIONS } from '../../src/lib/node/limits';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection } from './benchElection';
import { withSite } from './benchSite';
import { keptBallots } from './keptBallots';
import { openMesh } from './openMesh';
import { percentile } from './percentile';
import type { BenchRow } from './row';
import { shownAt } from './shownAt';
import { showProgress } from './showProgress';

const TABS = [8, 16];
const VOTERS = 100;
const BLOCKS = { quick: 10, whole: 20 };

/**
 * How long a block takes to become the tip of the other tabs, from the moment the tab that has it first holds it to be its
 * tip; each block begins in another tab, and all but the last few carry a ballot that nobody has seen before, whose proof
 * each tab verifies. Against the time between blocks: while a block is on its way, others may mine beside it. All tabs are
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
			rows.push(row('p50', 0.5), row('p95', 0.95));
			await site.closeTabs();
		}
		return rows;
	});
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
