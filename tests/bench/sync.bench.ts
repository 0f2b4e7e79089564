import { ballotMessage } from '../../src/lib/election/ballotMessage';
import type { BlockJson } from '../../src/lib/election/json';
import type { Ballot } from '../../src/lib/election/transaction';
import { BatchEquation, MAX_BATCH } from '../../src/lib/proofs/batchEquation';
import { Bn254 } from '../../src/lib/proofs/bn254';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import { publicSignals } from '../../src/lib/proofs/signals';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection, type BenchElection } from './benchElection';
import { untilAtTip, withSite, type BenchSite } from './benchSite';
import { handChain } from './handChain';
import { heapOf } from './heap';
import { siteOfKnownKey } from './knownKeySite';
import { keyOfKnownTrapdoor, simulatedBallots } from './knownTrapdoor';
import { notesOf, type PageNotes } from './pageNotes';
import type { BenchRow } from './row';
import { bareRows, shareRows, verifiedIn } from './syncShares';

/** What a task of the main thread may take before a page stutters (Long Tasks API). */
const LONG_TASK_MS = 50;
const REOPEN_BUDGET_S = 2;
const HEAP_BUDGET_MB = 150;
const REOPENINGS = 3;

interface Size {
	readonly blocks: number;
	readonly ballots: number;
}

/** An election that a tab already holds, and what the others are to come to. */
interface Subject {
	readonly election: BenchElection;
	readonly chain: readonly BlockJson[];
	readonly tip: string;
	readonly ballots: number;
	/** Of the first tab, which serves the others. */
	readonly first: Tab;
}

/**
 * How long a tab that has never seen an election takes from opening its link until it holds the tip: page, definition,
 * headers, bodies, all work and every proof, from one other tab. Against verifying the same proofs in batches in Node on one
 * thread and doing nothing else. Then of the largest: where that time goes, whether the pages stutter, what closing the tab
 * half-way costs, how fast it is there again, and what it keeps in memory. The ballots are of {@link simulatedBallots}, so the
 * site is built with their key.
 */
export async function benchSync(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const sizes: readonly Size[] = isQuick
		? [{ blocks: 60, ballots: 300 }]
		: [
				{ blocks: 1_000, ballots: 2_000 },
				{ blocks: 2_000, ballots: 10_000 }
			];
	const folder = await siteOfKnownKey();
	const rows: BenchRow[] = [];
	for (const size of sizes) {
		const election = benchElection(size.ballots);
		const ballots = await simulatedBallots(election);
		const theirs = await timeOfVerifying(election, ballots);
		const chain = benchChain(election, ballots, size.blocks);
		const isLargest = size === sizes.at(-1);
		const measure = async (site: BenchSite): Promise<BenchRow[]> => {
			const first = await site.openFirstTab(election);
			await handChain(first, chain);
			const subject = { election, chain, tip: chain.at(-1)!.hash, ballots: size.ballots, first };
			const { joiner, seconds, notes, firstNotes } = await joined(site, subject);
			const speed = speedRows(size, seconds, theirs);
			if (!isLargest) return speed;
			return [
				...speed,
				...shareRows(seconds, notes),
				longTaskRow('of the new tab', notes),
				longTaskRow('of the tab that serves it', firstNotes),
				await heapRow('after sync', joiner),
				// After the heap, which is to be the node's alone.
				...(await bareRows(joiner, chain, notes)),
				...(await reopenRows(site, subject, joiner)),
				...(await interruptedRows(site, subject))
			];
		};
		rows.push(...(await withSite(executablePath, measure, folder)));
	}
	return rows;
}

/** A new tab, once it has taken the election over; how long that took; and what both tabs noted meanwhile. */
async function joined(site: BenchSite, { election, tip, ballots, first }: Subject) {
	const begunAt = await first.page.evaluate(() => performance.now());
	const joiner = await site.openTab(election);
	const seconds = await untilAtTip(joiner, tip);
	await requireCount(joiner, ballots);
	const firstNotes = await notesOf(first.page);
	const longTasks = firstNotes.longTasks.filter(({ startTime }) => startTime >= begunAt);
	return { joiner, seconds, notes: await notesOf(joiner.page), firstNotes: { ...firstNotes, longTasks } };
}

async function requireCount({ page }: Tab, ballots: number): Promise<void> {
	const { ballots: counted } = await page.evaluate(() => globalThis.pollen!.results());
	if (counted !== ballots) throw new Error(`the tab counts ${counted} of ${ballots} ballots`);
}

function speedRows({ blocks, ballots }: Size, ours: number, theirs: number): BenchRow[] {
	const ratio = theirs / ours;
	const against = 'against verifying alone';
	return [
		{ name: `a new tab syncs ${blocks} blocks, ${ballots} ballots, ${against}`, ours, theirs, ratio, unit: 's' },
		{ name: 'the same, in blocks', ours: blocks / ours, theirs: blocks / theirs, ratio, unit: 'blocks/s' },
		{ name: 'the same, in ballots', ours: ballots / ours, theirs: ballots / theirs, ratio, unit: 'ballots/s' }
	];
}

function longTaskRow(of: string, { longTasks }: PageNotes): BenchRow {
	const longest = Math.max(LONG_TASK_MS, ...longTasks.map(({ duration }) => duration));
	return {
		name: `longest task ${of} (${longTasks.length} above ${LONG_TASK_MS} ms)`,
		ours: longest,
		theirs: LONG_TASK_MS,
		ratio: LONG_TASK_MS / longest,
		unit: 'ms'
	};
}

async function heapRow(when: string, { page }: Tab): Promise<BenchRow> {
	const { objects, buffers } = await heapOf(page);
	const ours = objects / 1e6;
	const name = `JavaScript heap ${when}, workers too, beside ${(buffers / 1e6).toFixed(0)} MB of buffers`;
	return { name, ours, theirs: HEAP_BUDGET_MB, ratio: HEAP_BUDGET_MB / ours, unit: 'MB' };
}

/** Opening the election again in the profile that holds it; the best of some times. */
async function reopenRows(site: BenchSite, { election, tip, ballots }: Subject, tab: Tab): Promise<BenchRow[]> {
	let best: { readonly seconds: number; readonly notes: PageNotes } | undefined;
	let reopened = tab;
	for (let round = 0; round < REOPENINGS; round++) {
		reopened = await site.reopen(reopened, election);
		const seconds = await untilAtTip(reopened, tip);
		await requireCount(reopened, ballots);
		const notes = await notesOf(reopened.page);
		if (verifiedIn(notes) > 0) throw new Error('proofs were verified again at a restart');
		if (!best || seconds < best.seconds) best = { seconds, notes };
	}
	const { seconds: ours, notes } = best!;
	const ratio = REOPEN_BUDGET_S / ours;
	return [
		{ name: 'opening it again, from navigation to the tip', ours, theirs: REOPEN_BUDGET_S, ratio, unit: 's' },
		longTaskRow('of opening it again', notes),
		await heapRow('after opening it again', reopened)
	];
}

/** A tab that is closed half-way and opened again: what it still has, and how many proofs it verifies a second time. */
async function interruptedRows(site: BenchSite, { election, chain, tip, ballots }: Subject): Promise<BenchRow[]> {
	const tab = await site.openTab(election);
	const half = Math.floor(chain.length / 2);
	await tab.page.waitForFunction((height) => globalThis.pollen!.status().height >= height, half, { timeout: 0 });
	const { height: before } = await tab.status();
	const verified = verifiedIn(await notesOf(tab.page));
	const reopened = await site.reopen(tab, election);
	await reopened.page.waitForFunction(() => globalThis.pollen !== undefined);
	const { height: after } = await reopened.status();
	await untilAtTip(reopened, tip);
	await requireCount(reopened, ballots);
	const again = verified + verifiedIn(await notesOf(reopened.page)) - ballots;
	return [
		{ name: 'blocks after closing half-way and opening', ours: after, theirs: before, ratio: after / before, unit: '' },
		{
			name: 'proofs verified twice, of what was not written yet',
			ours: again,
			theirs: ballots,
			ratio: again / ballots,
			unit: ''
		}
	];
}

/** Seconds that it takes in Node, on one thread. */
async function timeOfVerifying(
	{ election, electionId, group }: BenchElection,
	ballots: readonly Ballot[]
): Promise<number> {
	const groupRoot = await inlineProofs(nodeArtifacts)({ scope: electionId, depth: election.proofDepth }).groupRootOf(
		group
	);
	const equation = new BatchEquation(await Bn254.open(), keyOfKnownTrapdoor());
	const startedAt = performance.now();
	for (let at = 0; at < ballots.length; at += MAX_BATCH) {
		const checks = ballots.slice(at, at + MAX_BATCH).map(({ nullifier, choices, proof }) => {
			const signals = publicSignals(electionId, { groupRoot, nullifier, message: ballotMessage(electionId, choices) });
			if (!signals) throw new Error('a bench ballot claims nothing');
			return { signals, proof };
		});
		if (equation.load(checks).includes(false) || !equation.holds(0, checks.length)) {
			throw new Error('a bench ballot has a proof that does not hold');
		}
	}
	return (performance.now() - startedAt) / 1_000;
}
