import type { BlockHash } from '../../src/lib/bytes/hash';
import type { Header } from '../../src/lib/chain/header';
import { encodeBlock } from '../../src/lib/election/block';
import { MAX_HEADERS } from '../../src/lib/wire/limits';
import type { WireMessage } from '../../src/lib/wire/messages';
import type { MinedBlock } from './ledgerHarness';
import type { RawLink } from './rawPeer';

/** Serves a chain from a raw link: headers as asked, bodies unless `withheld` says no. */
export function serve(
	link: RawLink,
	chain: readonly MinedBlock[],
	withheld: (hash: BlockHash) => boolean = () => false
): void {
	link.onMessage = (message: WireMessage) => {
		if (message.type === 'getHeaders') {
			link.send({ type: 'headers', headers: headersAfter(chain, message.locator) });
		} else if (message.type === 'getBlocks') {
			for (const hash of message.hashes) {
				const found = chain.find((candidate) => candidate.hash === hash);
				if (found && !withheld(hash)) link.send({ type: 'block', block: encodeBlock(found.block) });
			}
		}
	};
}

/** The headers with which a node on this chain answers a locator. */
export function headersAfter(chain: readonly MinedBlock[], locator: readonly BlockHash[]): Header[] {
	const known = new Set(locator);
	const start = chain.findLastIndex(({ hash }) => known.has(hash)) + 1;
	return chain.slice(start, start + MAX_HEADERS).map(({ header }) => header);
}

/** What a hello says of a chain. */
export function claim(chain: readonly MinedBlock[]) {
	const tip = chain.at(-1) as MinedBlock;
	// Blocks of the harness have the easiest target there is: each counts as one hash.
	return { height: chain.length, work: BigInt(chain.length), tip: tip.hash };
}
