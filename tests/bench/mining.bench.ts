import { transactionToJson } from '../../src/lib/election/json';
import type { Ballot } from '../../src/lib/election/transaction';
import { CONFIRMATIONS } from '../../src/lib/node/limits';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection, type BenchElection } from './benchElection';
import { withSite } from './benchSite';
import { castBurst } from './castBurst';
import { siteOfKnownKey } from './knownKeySite';
import { simulatedBallots } from './knownTrapdoor';
import { pageWaits, type PageWaits } from './pageWaits';
import { percentile } from './percentile';
import type { BenchRow } from './row';
import { showProgress } from './showProgress';
import { staleWork } from './staleWork';
import { WorkRecorder } from './workRecorder';

/** Rounds at rest and mining alternate and the best of each counts: what else the machine does only makes it slower. */
const ROUNDS = 3;
const ROUND_MS = { quick: 1_000, whole: 4_000 };
/** Handed in at once, to fill the mempool. */
const HANDFUL = 250;
/** What is new is to reach the running worker within this time. */
const BUDGET_MS = 50;
const BALLOT_EVERY_MS = 50;
const BALLOTS_A_BLOCK = 20;

/**
 * What mining does to the page, and what happens on the page does to mining: the real node and worker of a tab, in which many
 * ballots are pending, first left alone, then in a burst of ballots and blocks. The ballots are of {@link simulatedBallots}, so the
 * site is built with their key.
 */
export async function benchMining(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const [waiting, burst] = isQuick ? [250, 50] : [10_000, 200];
	const election = benchElection(waiting + burst);
	const ballots = await simulatedBallots(election);
	const folder = await siteOfKnownKey();
	return await withSite(
		executablePath,
		async (site) => {
			const tab = await site.openFirstTab(election);
			// The page that shows most of what mining changes.
			await tab.goTo('Network');
			await fill(tab, ballots.slice(0, waiting));
			const recorder = await WorkRecorder.start(tab.page, () => tab.setMining(true));
			return [
				...(await measureWaits(tab, waiting, isQuick ? ROUND_MS.quick : ROUND_MS.whole)),
				...(await measureBurst(tab, recorder, election, ballots.slice(0, burst), ballots.slice(waiting)))
			];
		},
		folder
	);
}

async function fill({ page }: Tab, ballots: readonly Ballot[]): Promise<void> {
	for (let at = 0; at < ballots.length; at += HANDFUL) {
		const handful = ballots.slice(at, at + HANDFUL).map(transactionToJson);
		await page.evaluate(
			async (ballots) => void (await Promise.all(ballots.map((ballot) => globalThis.pollen!.submit(ballot)))),
			handful
		);
		showProgress(at + handful.length, ballots.length, 'ballots pending');
	}
}

async function measureWaits(tab: Tab, waiting: number, roundMs: number): Promise<BenchRow[]> {
	const rounds: Record<'rest' | 'mining', PageWaits[]> = { rest: [], mining: [] };
	for (let round = 0; round < ROUNDS; round++) {
		for (const state of ['rest', 'mining'] as const) {
			await tab.setMining(state === 'mining');
			rounds[state].push(await pageWaits(tab.page, roundMs));
		}
	}
	const row = (what: string, of: (waits: PageWaits) => number): BenchRow => {
		const [ours, theirs] = [Math.min(...rounds.mining.map(of)), Math.min(...rounds.rest.map(of))];
		return {
			name: `mining, ${waiting} pending: ${what} (theirs: at rest)`,
			ours,
			theirs,
			ratio: theirs / ours,
			unit: 'ms'
		};
	};
	return [row('longest delay of a timer', ({ timer }) => timer), row('longest frame', ({ frame }) => frame)];
}

/**
 * Ballots one by one, and between them blocks from outside that record some of what is pending. Against what it would be if
 * everything new took the budget to reach the worker.
 */
async function measureBurst(
	tab: Tab,
	recorder: WorkRecorder,
	election: BenchElection,
	recorded: readonly Ballot[],
	ballots: readonly Ballot[]
): Promise<BenchRow[]> {
	const count = Math.floor(ballots.length / BALLOTS_A_BLOCK);
	// The last blocks of a bench chain are empty, and not handed in.
	const blocks = benchChain(election, recorded, count + CONFIRMATIONS).slice(0, count);
	await recorder.take();
	const burst = await castBurst(tab.page, ballots.map(transactionToJson), blocks, BALLOT_EVERY_MS, BALLOTS_A_BLOCK);
	const { withoutNewest, onOldTip, transactionDelays, tipDelays } = staleWork(await recorder.take(), burst);
	const delay = (what: string, delays: readonly number[], share: number): BenchRow => {
		const ours = percentile(delays, share);
		const name = `${what} reaches the running worker, ${share === 1 ? 'longest' : 'p50'} (theirs: budget)`;
		return { name, ours, theirs: BUDGET_MS, ratio: BUDGET_MS / ours, unit: 'ms' };
	};
	const stale = (what: string, share: number, everyMs: number): BenchRow => {
		const [ours, theirs] = [100 * share, 100 * Math.min(1, BUDGET_MS / everyMs)];
		return { name: `work ${what} (theirs: by the budget)`, ours, theirs, ratio: theirs / ours, unit: '%' };
	};
	return [
		delay('a ballot', transactionDelays, 0.5),
		delay('a ballot', transactionDelays, 1),
		delay('a block', tipDelays, 0.5),
		delay('a block', tipDelays, 1),
		stale(`without the newest of ${ballots.length} ballots, not lost`, withoutNewest, BALLOT_EVERY_MS),
		stale(`on an old tip, lost, ${blocks.length} blocks`, onOldTip, BALLOT_EVERY_MS * BALLOTS_A_BLOCK)
	];
}
