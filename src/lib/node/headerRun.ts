import { Pace } from '../audit/pace';
import { checkNext, extended, type ChainEnd, type HashedHeader } from '../chain/chainEnd';
import { encodeHeader, type Header } from '../chain/header';
import type { ChainEntry, HeaderTree } from '../chain/tree';
import { PollenError } from '../errors/pollenError';
import { checkNotInvalid } from './acceptHeader';
import type { LedgerCore } from './ledgerCore';

/** Headers of one message, checked and not kept. */
export interface HeaderRun {
	/** The last that was known before, or what the run was to go on from; undefined when the first goes on from nothing we know. */
	readonly base: ChainEnd | undefined;
	/** Those above the base, up to the first that was refused. */
	readonly fresh: readonly HashedHeader[];
	/** Where they end. */
	readonly end: ChainEnd | undefined;
	/** The first header that was refused, and why. */
	readonly refused: { readonly header: Header; readonly reason: PollenError } | undefined;
}

/**
 * Checks headers, each the child of the one before, by every rule that needs no body. `unknown-parent` says that the first
 * goes on from nothing we know. Rejects only when the work function fails.
 */
export async function checkRun(
	core: Pick<LedgerCore, 'tree' | 'rules' | 'workHash' | 'clock'>,
	headers: readonly Header[],
	from?: ChainEnd
): Promise<HeaderRun> {
	const { tree } = core;
	const [first] = headers;
	let base: ChainEnd | undefined = from ?? (first && tree.get(first.previousHash));
	let end = base;
	const fresh: HashedHeader[] = [];
	const pace = new Pace(undefined, () => core.clock.now());
	for (const [index, header] of headers.entries()) {
		const hash = await core.workHash(encodeHeader(header));
		await pace.breathe();
		const isLinked = index === 0 || header.previousHash === end?.hash;
		const known = !from && isLinked && tree.get(hash);
		if (known) {
			base = end = known;
			continue;
		}
		try {
			checkNotInvalid(tree, hash, header);
			if (!end) throw new PollenError('unknown-parent', `no header ${header.previousHash}`);
			if (!isLinked) throw new PollenError('bad-message', 'headers that do not follow each other');
			checkNext(end, { header, hash }, core.rules, core.clock.now());
		} catch (error) {
			if (error instanceof PollenError) return { base, fresh, end, refused: { header, reason: error } };
			throw error;
		}
		fresh.push({ header, hash });
		end = extended(end, { header, hash });
	}
	return { base, fresh, end, refused: undefined };
}

/**
 * Keeps a run's headers. Returns the entry in which it ends.
 * @throws PollenError invalid-parent, unknown-parent when its branch was invalidated or forgotten after it was checked
 */
export function keepRun(tree: HeaderTree, { fresh, end }: HeaderRun): ChainEntry | undefined {
	for (const { header, hash } of fresh) tree.insert(header, hash);
	return end && tree.get(end.hash);
}
