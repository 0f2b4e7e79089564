import type { BlockHash } from '../bytes/hash';
import { checkNext, type HashedHeader } from '../chain/chainEnd';
import type { Header } from '../chain/header';
import type { ChainEntry, HeaderTree } from '../chain/tree';
import { PollenError } from '../errors/pollenError';
import type { LedgerCore } from './ledgerCore';

export interface OfferedHeader extends HashedHeader {
	/** This node's time, ms since the epoch. */
	readonly now: number;
	/** Order of arrival, where it is known from before; the next number otherwise. */
	readonly arrival?: number;
}

/**
 * Checks a header by every rule that needs no body, and keeps it in the tree. A header that is known is returned as it is.
 * @throws PollenError unknown-parent, invalid-parent, or the code of the rule that it breaks; `future-time` is the one refusal
 * that says nothing about the sender
 */
export function acceptHeader(
	core: Pick<LedgerCore, 'tree' | 'rules'>,
	{ header, hash, now, arrival }: OfferedHeader
): ChainEntry {
	const known = core.tree.get(hash);
	if (known) return known;
	checkNotInvalid(core.tree, hash, header);
	const parent = core.tree.get(header.previousHash);
	if (!parent) throw new PollenError('unknown-parent', `no header ${header.previousHash}`);
	checkNext(parent, { header, hash }, core.rules, now);
	return core.tree.insert(header, hash, arrival);
}

/** @throws PollenError invalid-parent */
export function checkNotInvalid(tree: HeaderTree, hash: BlockHash, { previousHash }: Header): void {
	if (!tree.isInvalid(hash) && !tree.isInvalid(previousHash)) return;
	throw new PollenError('invalid-parent', `block ${hash} is, or builds on, a block that broke a rule`);
}
