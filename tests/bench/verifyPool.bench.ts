import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { VECTOR_CONTEXT, VECTOR_STATEMENTS } from '../../src/lib/proofs/testing/proofVector';
import { CHROMIUM_ARGS } from '../support/chromium.mjs';
import { serveFolder } from './serveFolder';
import type { BenchRow } from './row';
import type {} from './verifyPage/page';

/** Two full shares for each of two workers: a fraction of a second. */
const BALLOTS = 384;
/**
 * Rounds of one worker and of the pool alternate and the best of each counts: what else the machine does only makes it slower.
 * Many and short, because all cores have to be free for a moment.
 */
const ROUNDS = { quick: 3, whole: 20 };

/**
 * Verifying ballots as a tab does, in the real workers in Chromium: the pool as large as this device gets it, against one
 * worker. On a device with one core they are the same. The limit is what the cores do for workers that only count, which on
 * virtual machines and with hyperthreads is less than their number.
 * @param executablePath the browser
 */
export async function benchVerifyPool(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const folder = await mkdtemp(join(tmpdir(), 'pollen-bench-'));
	try {
		await build({
			configFile: false,
			root: fileURLToPath(new URL('./verifyPage/', import.meta.url)),
			logLevel: 'error',
			worker: { format: 'es' },
			build: { outDir: folder, emptyOutDir: true, target: 'esnext' }
		});
		const { url, stop } = await serveFolder(folder);
		const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
		try {
			const page = await browser.newPage();
			await page.goto(url);
			return await compare(page, isQuick ? ROUNDS.quick : ROUNDS.whole);
		} finally {
			await browser.close();
			stop();
		}
	} finally {
		await rm(folder, { recursive: true });
	}
}

async function compare(page: Page, rounds: number): Promise<BenchRow[]> {
	const verifiers = await page.evaluate(() => window.verifyPage.verifiers);
	const statements = VECTOR_STATEMENTS.map((statement) => ({ ...statement, proof: [...statement.proof] }));
	const measure = async (count: number): Promise<number> =>
		await page.evaluate(([many, all]) => window.verifyPage.measure(many, all), [count, BALLOTS] as const);
	for (const count of new Set([verifiers, 1])) {
		await page.evaluate(([many, context, given]) => window.verifyPage.open(many, context, given), [
			count,
			VECTOR_CONTEXT,
			statements
		] as const);
	}
	const spin = async (count: number): Promise<number> =>
		await page.evaluate((many) => window.verifyPage.measureSpin(many), count);
	const best = { pool: Infinity, single: Infinity, spins: Infinity, spin: Infinity };
	for (let round = 0; round < rounds; round++) {
		best.pool = Math.min(best.pool, await measure(verifiers));
		best.single = Math.min(best.single, await measure(1));
		best.spins = Math.min(best.spins, await spin(verifiers));
		best.spin = Math.min(best.spin, await spin(1));
	}
	return [
		{
			name: `verifying ${BALLOTS} ballots in Chromium, pool of ${verifiers} against one worker`,
			ours: (BALLOTS * 1_000) / best.pool,
			theirs: (BALLOTS * 1_000) / best.single,
			ratio: best.single / best.pool,
			unit: 'ballots/s'
		},
		{
			name: `the limit: ${verifiers} workers that only count, against one`,
			ours: (verifiers * 1_000) / best.spins,
			theirs: 1_000 / best.spin,
			ratio: (verifiers * best.spin) / best.spins,
			unit: 'counts/s'
		}
	];
}
