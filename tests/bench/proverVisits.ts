import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext } from '@playwright/test';
import { build } from 'vite';
import { semaphoreArtifacts } from '../../src/build/artifacts';
import { ballotMessage } from '../../src/lib/election/ballotMessage';
import { credentialKeyOf } from '../../src/lib/election/codeKeys';
import { CHROMIUM_ARGS } from '../support/chromium.mjs';
import type { BenchElection } from './benchElection';
import type {} from './proverPage/page';
import { serveFolder } from './serveFolder';

/** The link that artifacts come over. */
export const LINK_MBIT = 20;

/** What one visit of the Vote page takes, in ms: until a proof can begin, and for the proof. */
export interface Visit {
	readonly ready: number;
	readonly proof: number;
}

/** A first and a second visit in one profile, over a link of {@link LINK_MBIT}; nothing else runs meanwhile. */
export async function visitTwice(executablePath: string, election: BenchElection): Promise<[Visit, Visit]> {
	const folder = await mkdtemp(join(tmpdir(), 'pollen-bench-'));
	try {
		await build({
			configFile: false,
			root: fileURLToPath(new URL('./proverPage/', import.meta.url)),
			plugins: [semaphoreArtifacts()],
			logLevel: 'error',
			worker: { format: 'es' },
			build: { outDir: folder, target: 'esnext' }
		});
		const { url, stop } = await serveFolder(folder);
		const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
		try {
			const context = await browser.newContext();
			return [await visit(context, url, election), await visit(context, url, election)];
		} finally {
			await browser.close();
			stop();
		}
	} finally {
		await rm(folder, { recursive: true });
	}
}

async function visit(
	context: BrowserContext,
	url: string,
	{ election, electionId, codes, group }: BenchElection
): Promise<Visit> {
	const page = await context.newPage();
	await page.goto(url);
	const session = await context.newCDPSession(page);
	const bytesPerSecond = (LINK_MBIT * 1e6) / 8;
	await session.send('Network.emulateNetworkConditions', {
		offline: false,
		latency: 0,
		downloadThroughput: bytesPerSecond,
		uploadThroughput: bytesPerSecond
	});
	const proofContext = { scope: electionId, depth: election.proofDepth };
	const ready = await page.evaluate((context) => window.proverPage.prepare(context), proofContext);
	const request = [[...credentialKeyOf(codes[0]!)], group, ballotMessage(electionId, [0])] as const;
	const proof = await page.evaluate((request) => window.proverPage.prove(...request), request);
	await page.close();
	return { ready, proof };
}
