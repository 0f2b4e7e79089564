import { chromium, type Browser, type Page } from '@playwright/test';
import { BALLOT_PAPER, HOME, type Budget } from '../../src/build/budgets.js';
import { DEMO_ELECTION_ID } from '../../src/lib/election/demo';
import { CHROMIUM_ARGS } from '../support/chromium.mjs';
import type { BenchRow } from './row';
import { serveCompressed, type CompressedSite } from './serveCompressed';

/** "Fast 4G" of Chromium's developer tools, and a processor with a quarter of this one's speed, as a cheap phone has. */
const LINE = { latency: 165, downloadThroughput: (9_000_000 / 8) * 0.9, uploadThroughput: (1_500_000 / 8) * 0.9 };
const CPU_SLOWDOWN = 4;
/** Over HTTP/1.1, which every host speaks, a browser asks for so many files at a time. */
const CONNECTIONS = 6;
const ROUNDS = 5;

interface Visit {
	readonly paintedMs: number;
	readonly interactiveMs: number;
	/** What had been sent by then, gzip. */
	readonly answers: number;
	readonly bytes: number;
	readonly scriptBytes: number;
}

/**
 * How long a new visitor waits for the home page and for a ballot paper on a slow line and a slow processor, against the
 * time that the line alone takes: a round trip for the page, one for every six files that it loads, and their bytes. And
 * what was loaded by then, against its budget.
 */
export async function benchPage(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const site = await serveCompressed('build');
	const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
	const rounds = isQuick ? 1 : ROUNDS;
	try {
		const home = await bestVisit(rounds, () => visit(browser, site, '', isStarted));
		const ballot = await bestVisit(rounds, () =>
			visit(browser, site, `#/election/${DEMO_ELECTION_ID}`, isReadyToChoose)
		);
		return [...rowsOf('home', home, HOME), ...rowsOf('ballot paper', ballot, BALLOT_PAPER)];
	} finally {
		await browser.close();
		site.stop();
	}
}

/** When the scripts had taken the page over. */
const isStarted = (page: Page) =>
	page.waitForFunction(() => performance.getEntriesByName('pollen-started')[0]?.startTime);

/** When an option of the ballot paper could be chosen. */
const isReadyToChoose = (page: Page) =>
	page.waitForFunction(() => (document.querySelector('input[type=radio]:enabled') ? performance.now() : undefined));

async function visit(
	browser: Browser,
	site: CompressedSite,
	fragment: string,
	interactive: (page: Page) => ReturnType<typeof isStarted>
): Promise<Visit> {
	const context = await browser.newContext();
	const page = await context.newPage();
	const devTools = await context.newCDPSession(page);
	await devTools.send('Network.emulateNetworkConditions', { offline: false, ...LINE });
	await devTools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
	const before = site.sent();
	await page.goto(site.url + fragment, { waitUntil: 'commit' });
	const interactiveMs = Number(await (await interactive(page)).jsonValue());
	const after = site.sent();
	const paintedMs = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]!.startTime);
	await context.close();
	return {
		paintedMs,
		interactiveMs,
		answers: after.answers - before.answers,
		bytes: after.bytes - before.bytes,
		scriptBytes: after.scriptBytes - before.scriptBytes
	};
}

/** What else the machine does only makes a visit longer. */
async function bestVisit(rounds: number, go: () => Promise<Visit>): Promise<Visit> {
	let best = await go();
	for (let round = 1; round < rounds; round += 1) {
		const next = await go();
		best = {
			...next,
			paintedMs: Math.min(best.paintedMs, next.paintedMs),
			interactiveMs: Math.min(best.interactiveMs, next.interactiveMs)
		};
	}
	return best;
}

function rowsOf(name: string, visit: Visit, budget: Budget): BenchRow[] {
	const roundTrips = 1 + Math.ceil((visit.answers - 1) / CONNECTIONS);
	const lineMs = roundTrips * LINE.latency + (visit.bytes / LINE.downloadThroughput) * 1000;
	return [
		row(`${name}, first paint (theirs: two round trips of the line)`, visit.paintedMs, 2 * LINE.latency, 'ms'),
		row(`${name}, interactive (theirs: the line alone)`, visit.interactiveMs, lineMs, 'ms'),
		row(`${name}, JavaScript by then, gzip (theirs: budget)`, visit.scriptBytes / 1000, budget.scripts / 1000, 'KB'),
		row(`${name}, all of it (theirs: budget)`, visit.bytes / 1000, budget.all / 1000, 'KB')
	];
}

function row(name: string, ours: number, theirs: number, unit: string): BenchRow {
	return { name, ours, theirs, ratio: theirs / ours, unit };
}
