import { ballotMessage } from '../../src/lib/election/ballotMessage';
import type { Ballot } from '../../src/lib/election/transaction';
import { BatchEquation, MAX_BATCH } from '../../src/lib/proofs/batchEquation';
import { Bn254 } from '../../src/lib/proofs/bn254';
import { inlineProofs } from '../../src/lib/proofs/inlineProofs';
import { nodeArtifacts } from '../../src/lib/proofs/nodeArtifacts';
import { publicSignals } from '../../src/lib/proofs/signals';
import { benchChain } from './benchChain';
import { benchElection, type BenchElection } from './benchElection';
import { withSite, type BenchSite } from './benchSite';
import { handChain } from './handChain';
import { buildSiteOfKnownKey } from './knownKeySite';
import { keyOfKnownTrapdoor, simulatedBallots } from './knownTrapdoor';
import type { BenchRow } from './row';

/**
 * How long a tab that has never seen an election takes from opening its link until it holds the tip: page, definition,
 * headers, bodies, all work and every proof, from one other tab. Against verifying the same proofs in batches in Node and
 * doing nothing else. One run. The ballots are of {@link simulatedBallots}, so the site is built with their key.
 */
export async function benchSync(executablePath: string, isQuick: boolean): Promise<BenchRow[]> {
	const [blocks, voters] = isQuick ? [100, 100] : [1_000, 2_000];
	const election = benchElection(voters);
	const ballots = await simulatedBallots(election);
	const chain = benchChain(election, ballots, blocks);
	const theirs = await timeOfVerifying(election, ballots);
	const folder = await buildSiteOfKnownKey();
	const measure = async (site: BenchSite): Promise<number> => {
		const first = await site.openFirstTab(election);
		await handChain(first, chain);
		const startedAt = Date.now();
		const joiner = await site.openTab(election);
		await joiner.page.waitForFunction((tip) => globalThis.pollen!.status().tip === tip, chain.at(-1)!.hash, {
			timeout: 0
		});
		const duration = (Date.now() - startedAt) / 1_000;
		const { ballots: counted } = await joiner.page.evaluate(() => globalThis.pollen!.results());
		if (counted !== voters) throw new Error(`the new tab counts ${counted} of ${voters} ballots`);
		return duration;
	};
	const ours = await withSite(executablePath, measure, folder);
	const ratio = theirs / ours;
	const against = 'against verifying alone';
	return [
		{ name: `a new tab syncs ${blocks} blocks, ${voters} ballots, ${against}`, ours, theirs, ratio, unit: 's' },
		{ name: 'the same, in blocks', ours: blocks / ours, theirs: blocks / theirs, ratio, unit: 'blocks/s' },
		{ name: 'the same, in ballots', ours: voters / ours, theirs: voters / theirs, ratio, unit: 'ballots/s' }
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
