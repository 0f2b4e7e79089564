import type { BlockHash } from '../bytes/hash';
import { isBetter } from '../chain/forkChoice';
import type { ChainEntry } from '../chain/tree';
import type { PollenError } from '../errors/pollenError';
import type { LedgerCore, UnsavedBlocks } from './ledgerCore';
import { BlockFault, stepTowards, type TipChange } from './step';

export type { TipChange } from './step';

export interface Activation {
	/** Blocks that broke a rule on being connected, and why. */
	readonly faults: Map<BlockHash, PollenError>;
	/** Everything thrown out: the blocks at fault and all that built on them. */
	readonly removed: Set<BlockHash>;
}

export function newActivation(): Activation {
	return { faults: new Map(), removed: new Set() };
}

/**
 * Makes the best complete chain the main chain, step by step; a block that breaks a rule is thrown out with all its
 * descendants and the next best is tried. Each step, a reorg of any depth included, is one storage transaction, which
 * also writes the unsaved blocks; `onChange` hears of each that was written, `onVerified` of each whose evidence is there,
 * `activation` of what was thrown out.
 * Rejects with storage-full, storage-failed or worker-failed; then memory stands where the last written step left it.
 */
export async function activateBest(
	core: LedgerCore,
	unsaved: UnsavedBlocks,
	activation: Activation,
	onChange: (change: TipChange) => void,
	onVerified: () => void = () => undefined
): Promise<void> {
	while (isBetter(core.bodies.best, core.tip)) {
		try {
			onChange(await stepTowards(core, core.bodies.best, unsaved, onVerified));
		} catch (error) {
			if (!(error instanceof BlockFault)) throw error;
			activation.faults.set(error.entry.hash, error.reason);
			await throwOut(core, error.entry, unsaved, activation.removed);
		}
	}
}

/** An invalid block that never was on disk costs no write, so that nobody can wear it down with them. */
async function throwOut(
	core: LedgerCore,
	entry: ChainEntry,
	unsaved: UnsavedBlocks,
	removed: Set<BlockHash>
): Promise<void> {
	const entries = core.tree.invalidate(entry.hash);
	const onDisk = entries.filter((candidate) => core.bodies.has(candidate) && !unsaved.has(candidate.hash));
	core.bodies.remove(entries);
	for (const { hash } of entries) {
		removed.add(hash);
		unsaved.delete(hash);
	}
	if (onDisk.length === 0) return;
	await core.store.commit({ deleteBlocks: onDisk.map(({ hash }) => hash) }, 'relaxed');
}
