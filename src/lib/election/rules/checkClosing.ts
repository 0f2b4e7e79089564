import type { BlockHash } from '../../bytes/hash';
import { PollenError } from '../../errors/pollenError';
import type { PhaseContext } from '../phase';
import type { Closing } from '../transaction';

/** What a closing is judged against. */
export interface ClosingContext extends Pick<PhaseContext, 'isFrozen' | 'isClosed'> {
	/** Height from which ballots are possible: that of the opening, 0 with `issued`. */
	readonly openedAtHeight: number;
	/** Hash of the block at a height of this chain; undefined above the tip. */
	blockHashAt(height: number): BlockHash | undefined;
}

/**
 * All rules for a closing but the signature. Times do not matter: also after `closesAt` it makes the result final.
 * @throws PollenError poll-not-open, already-closed, unknown-block
 */
export function checkClosing(context: ClosingContext, closing: Closing): void {
	if (!context.isFrozen) throw new PollenError('poll-not-open', 'the poll was not opened');
	if (context.isClosed) throw new PollenError('already-closed', 'the poll is closed already');
	if (closing.height < context.openedAtHeight || context.blockHashAt(closing.height) !== closing.blockHash) {
		throw new PollenError('unknown-block', `block ${closing.blockHash} is not on this chain at ${closing.height}`);
	}
}
