import type { Tab } from '../e2e/support/tab';
import { benchElection, type BenchElection } from './benchElection';
import { withSite } from './benchSite';
import { openMesh } from './openMesh';
import { percentile } from './percentile';
import { LINK_MBIT, visitTwice } from './proverVisits';
import type { BenchRow } from './row';
import { shownAt } from './shownAt';
import { showProgress } from './showProgress';

const TABS = { quick: 4, whole: 8 };
const VOTERS = 100;
/** Ballots that are cast in the page, each after one that is cast with nothing ahead, in a tab of its own each. */
const BALLOTS = { quick: 1, whole: 4 };
/** How long a person looks at the paper who has made their mark, and how long at the question whether to cast it. */
const READING_MS = 3_000;
const CONFIRMING_MS = 1_000;

/** What became of one ballot, in s: until its own tab had accepted it and sent it on, and from then until all had it. */
interface Course {
	readonly sent: number;
	readonly everywhere: number;
}

/**
 * A voter goes through the page as a person does, while the page gets ready for the proof and makes it: how long it takes
 * from pressing "Cast ballot" until the ballot is sent, against one cast by the console in a tab that had got nothing
 * ready; and from then until all linked tabs have it, eight of them. Ballots leave by a stem, from tab to tab, each of which
 * verifies them before the next hears of them; what they wait for in any case is a block, so that is what their journey
 * is held against. Then what there is to get ready, and the proof.
 */
export async function benchCasting(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const election = benchElection(VOTERS);
	const [count, ballots] = isQuick ? [TABS.quick, BALLOTS.quick] : [TABS.whole, BALLOTS.whole];
	const { ahead, cold } = await castAll(executablePath, election, count, ballots);
	const [first, second] = await visitTwice(executablePath, election);
	const median = (courses: readonly Course[]) => percentile(sentOf(courses), 0.5);
	// With the first ballot of all, each tab started its verifier.
	const journeys = [...ahead, ...cold.slice(1)].map(({ everywhere }) => everywhere);
	const interval = election.election.blockInterval / 1_000;
	const row = (name: string, ours: number, theirs: number): BenchRow => ({
		name,
		ours,
		theirs,
		ratio: theirs / ours,
		unit: 's'
	});
	return [
		row('from "Cast ballot" to sent (theirs: nothing ahead)', median(ahead), median(cold)),
		row(`from sent to ${count} tabs, p50 (theirs: time between blocks)`, percentile(journeys, 0.5), interval),
		row(`from sent to ${count} tabs, longest (theirs: time between blocks)`, percentile(journeys, 1), interval),
		row(`prover ready, second visit (theirs: first, ${LINK_MBIT} Mbit/s)`, second.ready / 1_000, first.ready / 1_000),
		row(
			'the proof alone (theirs: with what comes before it, first visit)',
			Math.min(first.proof, second.proof) / 1_000,
			(first.ready + first.proof) / 1_000
		)
	];
}

const sentOf = (courses: readonly Course[]): number[] => courses.map(({ sent }) => sent);

async function castAll(
	executablePath: string,
	election: BenchElection,
	count: number,
	ballots: number
): Promise<{ ahead: Course[]; cold: Course[] }> {
	return await withSite(executablePath, async (site) => {
		const tabs = await openMesh(site, election, count);
		const [ahead, cold]: [Course[], Course[]] = [[], []];
		for (let ballot = 0; ballot < 2 * ballots; ballot++) {
			const [tab, voter] = [tabs[ballot]!, voterOf(election, ballot)];
			const isCold = ballot % 2 === 0;
			const arrivals = tabs.map((tab) => shownAt(tab, 'pending', ballot + 1));
			const castAt = isCold ? await castByConsole(tab, voter) : await castInPage(tab, voter);
			const arrivedAt = await Promise.all(arrivals);
			const sentAt = arrivedAt[ballot]!;
			(isCold ? cold : ahead).push({
				sent: (sentAt - castAt) / 1_000,
				everywhere: (Math.max(...arrivedAt) - sentAt) / 1_000
			});
			showProgress(ballot + 1, 2 * ballots, 'ballots cast');
		}
		return { ahead, cold };
	});
}

interface BenchVoter {
	readonly voterId: string;
	readonly code: string;
}

function voterOf({ election, codes }: BenchElection, ballot: number): BenchVoter {
	return { voterId: election.roll[ballot]!.voterId, code: codes[ballot]! };
}

/** Returns when it was asked to. */
async function castByConsole({ page }: Tab, voter: BenchVoter): Promise<number> {
	return await page.evaluate(
		async (request) => {
			const askedAt = Date.now();
			await globalThis.pollen!.vote(request);
			return askedAt;
		},
		{ ...voter, choices: [0] }
	);
}

/** Returns when "Cast ballot" was pressed. */
async function castInPage(tab: Tab, { voterId, code }: BenchVoter): Promise<number> {
	const { page } = tab;
	await tab.goTo('Vote');
	await page.getByRole('textbox', { name: 'Voter ID' }).fill(voterId);
	await page.getByRole('textbox', { name: 'Voting code' }).fill(code);
	await page.getByRole('radio').first().click();
	await page.waitForTimeout(READING_MS);
	await page.getByRole('button', { name: 'Vote', exact: true }).click();
	const cast = page.getByRole('dialog').getByRole('button', { name: 'Cast ballot' });
	await cast.waitFor();
	await page.waitForTimeout(CONFIRMING_MS);
	const pressedAt = page.evaluate(
		() => new Promise<number>((resolve) => addEventListener('click', () => resolve(Date.now()), { capture: true }))
	);
	await cast.click();
	return await pressedAt;
}
