import type { BlockJson } from '../../src/lib/election/json';
import type { Tab } from '../e2e/support/tab';
import { showProgress } from './showProgress';

/** Blocks that are handed over at once. */
const HANDFUL = 100;

/** Hands a chain to a tab, as the console takes blocks. */
export async function handChain({ page }: Tab, chain: readonly BlockJson[]): Promise<void> {
	for (let at = 0; at < chain.length; at += HANDFUL) {
		const refusals = await page.evaluate(
			async (blocks) => {
				const judgements = await Promise.all(blocks.map((block) => globalThis.pollen!.addBlock(block)));
				return judgements.filter(({ accepted }) => !accepted);
			},
			chain.slice(at, at + HANDFUL)
		);
		if (refusals.length > 0) throw new Error(`the first tab refused a block: ${refusals[0]!.code}`);
		showProgress(Math.min(at + HANDFUL, chain.length), chain.length, 'blocks in the first tab');
	}
}
