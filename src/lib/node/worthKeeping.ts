import { ancestorAt, holdsAt } from '../chain/locator';
import type { ChainEntry } from '../chain/tree';
import type { HeaderRun } from './headerRun';
import type { LedgerCore } from './ledgerCore';
import { KEPT_FORK_BLOCKS, MAX_HEADERS_AHEAD } from './limits';

type Core = Pick<LedgerCore, 'tree' | 'tip' | 'bodies' | 'closings'>;

/**
 * Whether headers that hold are kept: anybody can make endless headers of the least work from the genesis on, so a chain must
 * have about the work of ours before it costs us memory, and not run too far ahead of its bodies.
 */
export function isWorthKeeping(core: Core, run: HeaderRun): boolean {
	const { tip } = core;
	const leastWork = ancestorAt(tip, Math.max(0, tip.header.height - KEPT_FORK_BLOCKS)).work;
	const isWorth = mayWin(core, run) || (run.end !== undefined && run.end.work >= leastWork);
	const base = baseOf(core, run);
	return isWorth && base !== undefined && !isFarAhead(core, base);
}

/** Whether the chain of these headers beats ours, or would if it were closed, which only its bodies can show. */
export function mayWin(core: Core, run: HeaderRun): boolean {
	return (run.end !== undefined && run.end.work > core.tip.work) || holdsNamed(core, run);
}

/** Whether a branch is so far ahead of its bodies that no more of it is fetched until these have caught up. */
export function isFarAhead({ bodies }: Pick<Core, 'bodies'>, end: ChainEntry): boolean {
	let entry: ChainEntry | undefined = end;
	for (let ahead = 1; entry && !bodies.has(entry); ahead++) {
		if (ahead >= MAX_HEADERS_AHEAD) return true;
		entry = entry.parent;
	}
	return false;
}

/** All entries without a body, of the branches that end here, down to the first that has one. */
export function branchesAhead(
	{ bodies }: Pick<Core, 'bodies'>,
	ends: Iterable<ChainEntry | undefined>
): Set<ChainEntry> {
	const ahead = new Set<ChainEntry>();
	for (const end of ends) {
		for (let entry = end; entry && !bodies.has(entry) && !ahead.has(entry); entry = entry.parent) ahead.add(entry);
	}
	return ahead;
}

/** Whether a closing is known that our chain does not hold. */
export function lacksClosing({ tip, closings }: Pick<Core, 'tip' | 'closings'>): boolean {
	return !tip.isFinal && closings.size > 0;
}

/** Whether a closing that our chain lacks names a block of this run, or of the branch below it. */
function holdsNamed(core: Core, run: HeaderRun): boolean {
	if (!lacksClosing(core)) return false;
	const base = baseOf(core, run);
	return core.closings.mayName(
		({ height, blockHash }) =>
			run.fresh.some(({ hash }) => hash === blockHash) || (base !== undefined && holdsAt(base, height, blockHash))
	);
}

/** Where a run leaves what we keep; undefined when it goes on from a chain that we do not keep. */
function baseOf({ tree }: Pick<Core, 'tree'>, { base }: HeaderRun): ChainEntry | undefined {
	return base && tree.get(base.hash);
}
