import { blockToJson, transactionToJson } from '../../src/lib/election/json';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection } from './benchElection';
import { withSite } from './benchSite';
import { buildSiteOfKnownKey } from './knownKeySite';
import { simulatedBallots } from './knownTrapdoor';
import { pageWaits, type PageWaits } from './pageWaits';
import { percentile } from './percentile';
import type { BenchRow } from './row';
import { showProgress } from './showProgress';
import { staleWork, type Burst } from './staleWork';
import { WorkRecorder } from './workRecorder';

/** Rounds at rest and mining alternate and the best of each counts: what else the machine does only makes it slower. */
const ROUNDS = 3;
const ROUND_MS = 2_500;
/** Handed in at once, to fill the mempool. */
const HANDFUL = 250;
/** What is new is to reach the running worker within this time. */
const BUDGET_MS = 50;
const BALLOT_EVERY_MS = 50;
const BLOCK_EVERY_MS = 1_000;
const RECORDED_A_BLOCK = 25;

/**
 * What mining does to the page, and the page to mining: the real node and worker of a tab with many ballots pending. The
 * ballots are of {@link simulatedBallots}, so the site is built with their key.
 */
export async function benchMining(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const [waiting, burst] = isQuick ? [1_000, 80] : [10_000, 200];
	const election = benchElection(waiting + burst);
	const ballots = await simulatedBallots(election);
	const folder = process.env["ZZ_SITE"] ?? await buildSiteOfKnownKey();
	return await withSite(
		executablePath,
		async (site) => {
			const tab = await site.openFirstTab(election);
			await tab.goTo('Network');
			for (let at = 0; at < waiting; at += HANDFUL) {
				const handful = ballots.slice(at, Math.min(at + HANDFUL, waiting)).map(transactionToJson);
				await tab.page.evaluate(
					async (ballots) => void (await Promise.all(ballots.map((ballot) => globalThis.pollen!.submit(ballot)))),
					handful
				);
				showProgress(at + handful.length, waiting, 'ballots pending');
			}
			const recorder = await WorkRecorder.start(tab.page, () => tab.setMining(true));
			const waits = await measureWaits(tab, waiting);
			return waits;
		},
		folder
	);
}

async function measureWaits(tab: Tab, waiting: number): Promise<BenchRow[]> {
	const best = { mining: { timer: Infinity, frame: Infinity }, rest: { timer: Infinity, frame: Infinity } };
	for (let round = 0; round < ROUNDS; round++) {
		for (const state of ['rest', 'mining'] as const) {
			await tab.setMining(state === 'mining');
			const waits = await pageWaits(tab.page, ROUND_MS);
			console.log(state, waits);
			best[state] = { timer: Math.min(best[state].timer, waits.timer), frame: Math.min(best[state].frame, waits.frame) };
		}
	}
	return (['timer', 'frame'] as const).map((what) => ({ name: `the page's longest wait for a ${what} while mining (theirs: at rest)`, ours: best.mining[what], theirs: best.rest[what], ratio: best.rest[what] / best.mining[what], unit: 'ms' }));
}
