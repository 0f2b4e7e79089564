import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { WORK_MESSAGE_LENGTH } from '../../src/lib/chain/work';
import { CHROMIUM_ARGS } from '../support/chromium.mjs';
import type {} from './miningPage/page';
import { serveFolder } from './serveFolder';
import type { BenchRow } from './row';

/** Rounds of ours and theirs alternate and the best of each counts: what else the machine does only makes it slower. */
const ROUNDS = { quick: { count: 2, ms: 500 }, whole: { count: 3, ms: 2_000 } };
type Rounds = (typeof ROUNDS)['quick'];
const REPLACEMENTS = 20;
/** A new tip or transaction is to reach the running worker within this time. */
const REPLACEMENT_BUDGET_MS = 50;

/**
 * The mining loop as a tab runs it (the real worker, in Chromium) against native SHA-256 of the same 64 KiB on one core.
 * In Node's WebCrypto the loop would use a pool of threads and seem faster than it is; in Chromium digests run on the
 * worker's own thread. The pinned figure, where `taskset` exists, holds even for a Chromium where they do not: there the
 * whole browser has one core.
 * @param executablePath the browser
 */
export async function benchWorkHash(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const rounds = isQuick ? ROUNDS.quick : ROUNDS.whole;
	const folder = await mkdtemp(join(tmpdir(), 'pollen-bench-'));
	try {
		await buildPage(join(folder, 'page'));
		const { url, stop } = await serveFolder(join(folder, 'page'));
		try {
			return await measureAll(url, rounds, executablePath, await pinnedExecutable(folder, executablePath));
		} finally {
			stop();
		}
	} finally {
		await rm(folder, { recursive: true });
	}
}

async function measureAll(
	url: string,
	rounds: Rounds,
	executable: string,
	pinned: string | undefined
): Promise<BenchRow[]> {
	const rows = [
		await withPage(url, executable, (page) => compareHashRates('mining loop, Chromium worker', rounds, page)),
		await withPage(url, executable, measureReplacement)
	];
	if (pinned !== undefined) {
		rows.push(
			await withPage(url, pinned, (page) => compareHashRates('the same, whole browser on one core', rounds, page))
		);
	}
	return rows;
}

async function buildPage(outDir: string): Promise<void> {
	await build({
		configFile: false,
		root: fileURLToPath(new URL('./miningPage/', import.meta.url)),
		logLevel: 'error',
		worker: { format: 'es' },
		build: { outDir, target: 'esnext' }
	});
}

/** A command that starts the browser on the first core only, undefined where that is not possible. */
async function pinnedExecutable(folder: string, executable: string): Promise<string | undefined> {
	try {
		execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
	} catch {
		return undefined;
	}
	const script = join(folder, 'pinned-browser');
	await writeFile(script, `#!/bin/sh\nexec taskset -c 0 '${executable}' "$@"\n`);
	await chmod(script, 0o755);
	return script;
}

async function withPage<T>(url: string, executablePath: string, measure: (page: Page) => Promise<T>): Promise<T> {
	const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
	try {
		const page = await browser.newPage();
		await page.goto(url);
		return await measure(page);
	} finally {
		await browser.close();
	}
}

async function compareHashRates(name: string, { count, ms }: Rounds, page: Page): Promise<BenchRow> {
	let ours = 0;
	let theirs = 0;
	for (let round = 0; round < count; round++) {
		ours = Math.max(ours, await page.evaluate((ms) => window.miningPage.measureHashRate(ms), ms));
		theirs = Math.max(theirs, nativeHashRate(ms));
	}
	return { name, ours, theirs, ratio: ours / theirs, unit: 'hashes/s' };
}

async function measureReplacement(page: Page): Promise<BenchRow> {
	const ours = await page.evaluate((times) => window.miningPage.measureReplacement(times), REPLACEMENTS);
	const theirs = REPLACEMENT_BUDGET_MS;
	return { name: 'new job takes over, longest (theirs: budget)', ours, theirs, ratio: theirs / ours, unit: 'ms' };
}

/** Hashes a second of Node's OpenSSL on the calling thread. */
function nativeHashRate(durationMs: number): number {
	const message = new Uint8Array(WORK_MESSAGE_LENGTH).fill(7);
	const nonce = new DataView(message.buffer);
	const startMs = performance.now();
	let hashes = 0;
	while (performance.now() - startMs < durationMs) {
		nonce.setUint32(4, hashes++);
		createHash('sha256').update(message).digest();
	}
	return (hashes * 1_000) / (performance.now() - startMs);
}
