import type { Page } from '@playwright/test';
import type { BlockJson, TransactionJson } from '../../src/lib/election/json';
import type { Burst } from './staleWork';
import type {} from './workRecorder';

/** Hands a page's node a ballot every `everyMs`, and after every `aBlock`-th the next block. */
export async function castBurst(
	page: Page,
	ballots: readonly TransactionJson[],
	blocks: readonly BlockJson[],
	everyMs: number,
	aBlock: number
): Promise<Burst> {
	const burst = await page.evaluate(handIn, { ballots, blocks, everyMs, aBlock });
	if (burst.refused.length > 0) throw new Error(`the burst was refused: ${burst.refused[0]}`);
	// So that the last of it reaches the worker too.
	await page.waitForTimeout(500);
	return burst;
}

interface Plan {
	readonly ballots: readonly TransactionJson[];
	readonly blocks: readonly BlockJson[];
	readonly everyMs: number;
	readonly aBlock: number;
}

/** Runs in the page. Written without named functions inside, for which the compiler would want a helper that pages lack. */
async function handIn({ ballots, blocks, everyMs, aBlock }: Plan): Promise<Burst & { refused: unknown[] }> {
	const admittedMs: number[] = [];
	const handedIn: { height: number; atMs: number }[] = [];
	const refused: unknown[] = [];
	const judged: Promise<void>[] = [];
	for (const [index, ballot] of ballots.entries()) {
		judged.push(
			globalThis.pollen!.submit(ballot).then((answer) => {
				// The node may have told its miner already, in this same task.
				admittedMs.push(globalThis.templateOfThisTask ?? performance.timeOrigin + performance.now());
				if (!answer.accepted) refused.push(answer.code);
			})
		);
		const block = (index + 1) % aBlock === 0 ? blocks[(index + 1) / aBlock - 1] : undefined;
		if (block) {
			handedIn.push({ height: block.height, atMs: performance.timeOrigin + performance.now() });
			judged.push(
				globalThis.pollen!.addBlock(block).then((answer) => {
					if (!answer.accepted) refused.push(answer.code);
				})
			);
		}
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
	await Promise.all(judged);
	return { admittedMs, blocks: handedIn, refused };
}
