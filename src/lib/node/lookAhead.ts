import { isBetter } from '../chain/forkChoice';
import type { LedgerCore } from './ledgerCore';
import { evidenceForPath } from './pathEvidence';
import type { PreparedBlock } from './prepareBlock';

/**
 * Has the proofs of blocks that wait for their turn verified while those before them are written: the verdicts are remembered, and
 * when the turn comes nothing is left to wait for. Only of blocks whose header was checked and leads beyond our chain, so that
 * nobody can make us verify what has no work. A verdict names the group that it is about; should that turn out to be another,
 * the ballot is verified again.
 */
export async function lookAhead(core: LedgerCore, waiting: readonly PreparedBlock[]): Promise<void> {
	const promising = waiting.filter(({ hash }) => {
		const entry = core.tree.get(hash);
		return entry !== undefined && isBetter(entry, core.tip) && !core.valid.has(hash);
	});
	const blocks = promising.map(({ block }) => ({ block, isChecked: false }));
	const { ballots, signed } = evidenceForPath(core.state, core.state.height, blocks);
	if (ballots.length + signed.length === 0) return;
	// What fails now is tried again in its turn, when somebody waits for it.
	await core.verdicts.gather({ ballots, signed, groups: [] }).catch(() => undefined);
}
