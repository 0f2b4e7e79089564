import type { BlockJson } from '../../src/lib/election/json';
import { CONFIRMATIONS } from '../../src/lib/node/limits';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection } from './benchElection';
import { withSite, type BenchSite } from './benchSite';
import { siteOfKnownKey } from './knownKeySite';
import { simulatedBallots } from './knownTrapdoor';
import { openMesh } from './openMesh';
import { percentile } from './percentile';
import type { BenchRow } from './row';
import { shownAt } from './shownAt';
import { showProgress } from './showProgress';

const TABS = { quick: [4], whole: [8, 16] };
const BLOCKS = { quick: 10, whole: 20 };

/**
 * How long a block takes to become the tip of the other tabs, from the moment the tab that has it first holds it to be its
 * tip; each block begins in another tab, and all but the last few carry a ballot that nobody has seen before, whose proof
 * each tab verifies. Against the time between blocks: while a block is on its way, others may mine beside it. All tabs are
 * in one browser on one machine, on links that they found by themselves, and do not mine. The ballots are of
 * {@link simulatedBallots}, so the site is built with their key.
 */
export async function benchPropagation(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const [counts, blocks] = isQuick ? [TABS.quick, BLOCKS.quick] : [TABS.whole, BLOCKS.whole];
	// The last blocks of a bench chain are empty; each of the others carries one ballot.
	const election = benchElection(blocks + 1 - CONFIRMATIONS);
	const chain = benchChain(election, await simulatedBallots(election), blocks + 1);
	const measure = async (site: BenchSite): Promise<BenchRow[]> => {
		const rows: BenchRow[] = [];
		for (const count of counts) {
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
	};
	return await withSite(executablePath, measure, await siteOfKnownKey());
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
