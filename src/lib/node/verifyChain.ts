import { checkHeader } from '../chain/checkHeader';
import { pathBetween } from '../chain/forkChoice';
import { encodeHeader } from '../chain/header';
import type { ChainEntry } from '../chain/tree';
import { decodeBlock } from '../election/block';
import { ElectionState } from '../election/state';
import { isOwnFault, PollenError } from '../errors/pollenError';
import type { Verification } from './api';
import type { LedgerCore } from './ledgerCore';
import { Verdicts } from './verdicts';

/**
 * Checks the main chain from genesis to tip as if it had just arrived: every hash, target, link, Merkle root, proof and
 * nullifier, with no verdict remembered. Ends at the first block that breaks a rule, since what follows builds on it.
 * Rejects only when this device fails.
 */
export async function verifyChain(core: LedgerCore): Promise<Verification> {
	const state = new ElectionState(core.election, core.electionId);
	const verdicts = new Verdicts(core.electionId, core.verifier);
	let blocks = 1;
	for (const entry of pathBetween(core.tree.genesis, core.tip).connect) {
		try {
			await verifyBlock(core, entry, state, verdicts);
		} catch (error) {
			if (!(error instanceof PollenError) || isOwnFault(error.code)) throw error;
			const problems = [{ height: entry.header.height, code: error.code }];
			return { valid: false, blocks, ballots: state.ballots.size, problems };
		}
		blocks += 1;
	}
	return { valid: true, blocks, ballots: state.ballots.size, problems: [] };
}

/** Judges what the store holds for a block, and connects it. Rejects with the code of the broken rule. */
async function verifyBlock(
	core: LedgerCore,
	entry: ChainEntry,
	state: ElectionState,
	verdicts: Verdicts
): Promise<void> {
	const stored = await core.store.loadBlock(entry.hash);
	if (!stored || !entry.parent) throw new PollenError('unknown-parent', `block ${entry.hash} is missing`);
	const block = decodeBlock(stored.bytes);
	const hash = await core.workHash(encodeHeader(block.header));
	checkHeader({
		header: block.header,
		hash,
		parent: entry.parent.header,
		parentHash: entry.parent.hash,
		grandparent: entry.parent.parent?.header,
		rules: core.rules,
		now: core.clock.now()
	});
	// A header can have enough work and still be another one than the chain goes on from.
	if (hash !== entry.hash) throw new PollenError('bad-encoding', `what is stored as ${entry.hash} is ${hash}`);
	state.connectBlock(block, hash, await verdicts.verify(block.transactions));
}
