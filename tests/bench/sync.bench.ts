import { ballotMessage } from '../../src/lib/election/ballotMessage';
import type { BlockJson } from '../../src/lib/election/json';
import type { Ballot } from '../../src/lib/election/transaction';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import type { Tab } from '../e2e/support/tab';
import { benchChain } from './benchChain';
import { benchElection, type BenchElection } from './benchElection';
import { withSite } from './benchSite';
import { keptBallots } from './keptBallots';
import type { BenchRow } from './row';
import { showProgress } from './showProgress';

/** Blocks that are handed to the first tab at once. */
const HANDFUL = 50;
/** Ballots that are verified at once, where nothing else is done. */
const BATCH = 64;

/**
 * How long a tab that has never seen an election takes from opening its link until it holds the tip: page, definition,
 * headers, bodies, all work and every proof, from one other tab. Against verifying the same proofs in batches in Node and
 * doing nothing else. One run.
 */
export async function benchSync(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const [blocks, voters] = isQuick ? [100, 100] : [1_000, 2_000];
	const election = benchElection(voters);
	const ballots = await keptBallots(election);
	const chain = benchChain(election, ballots, blocks);
	const theirs = await timeOfVerifying(election, ballots);
	const ours = await withSite(executablePath, async (site) => {
		const first = await site.openFirstTab(election);
		await hand(first, chain);
		const startedAt = Date.now();
		const joiner = await site.openTab(election);
		await joiner.page.waitForFunction((tip) => globalThis.pollen!.status().tip === tip, chain.at(-1)!.hash, {
			timeout: 0
		});
		const duration = (Date.now() - startedAt) / 1_000;
		const { ballots: counted } = await joiner.page.evaluate(() => globalThis.pollen!.results());
		if (counted !== voters) throw new Error(`the new tab counts ${counted} of ${voters} ballots`);
		return duration;
	});
	const ratio = theirs / ours;
	const against = 'against verifying alone';
	return [
		{ name: `a new tab syncs ${blocks} blocks, ${voters} ballots, ${against}`, ours, theirs, ratio, unit: 's' },
		{ name: 'the same, in blocks', ours: blocks / ours, theirs: blocks / theirs, ratio, unit: 'blocks/s' },
		{ name: 'the same, in ballots', ours: voters / ours, theirs: voters / theirs, ratio, unit: 'ballots/s' }
	];
}

async function hand({ page }: Tab, chain: readonly BlockJson[]): Promise<void> {
	for (let at = 0; at < chain.length; at += HANDFUL) {
		const refusals = await page.evaluate(
			async (blocks) => {
				const judgements = [];
				for (const block of blocks) judgements.push(await globalThis.pollen!.addBlock(block));
				return judgements.filter(({ accepted }) => !accepted);
			},
			chain.slice(at, at + HANDFUL)
		);
		if (refusals.length > 0) throw new Error(`the first tab refused a block: ${refusals[0]!.code}`);
		showProgress(Math.min(at + HANDFUL, chain.length), chain.length, 'blocks in the first tab');
	}
}

/** Seconds that it takes in Node, on one thread. */
async function timeOfVerifying(
	{ election, electionId, group }: BenchElection,
	ballots: readonly Ballot[]
): Promise<number> {
	const proofs = inlineProofs(nodeArtifacts)({ scope: electionId, depth: election.proofDepth });
	const groupRoot = await proofs.groupRootOf(group);
	// Opening the verifier is not what is measured.
	await proofs.verify([]);
	const startedAt = performance.now();
	for (let at = 0; at < ballots.length; at += BATCH) {
		const statements = ballots.slice(at, at + BATCH).map(({ nullifier, choices, proof }) => ({
			groupRoot,
			nullifier,
			message: ballotMessage(electionId, choices),
			proof
		}));
		const verdicts = await proofs.verify(statements);
		if (verdicts.includes(false)) throw new Error('a kept ballot has a proof that does not hold');
	}
	return (performance.now() - startedAt) / 1_000;
}
