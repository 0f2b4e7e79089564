import type { BlockHash } from '../../bytes/hash';
import type { Header } from '../../chain/header';
import { PollenError } from '../../errors/pollenError';

/** A state is a fact about one branch up to one block: only that block's children can change it. */
export interface StateTip {
	readonly tip: BlockHash;
	readonly height: number;
}

/** @throws PollenError unknown-parent, bad-height */
export function checkParent(state: StateTip, header: Header): void {
	if (header.previousHash !== state.tip) {
		throw new PollenError('unknown-parent', `the parent ${header.previousHash} is not the tip ${state.tip}`);
	}
	if (header.height !== state.height + 1) {
		throw new PollenError('bad-height', `height ${header.height} does not follow ${state.height}`);
	}
}
