import type { BlockHash, Hash } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { encodeHeader, HEADER_LENGTH } from '../chain/header';
import type { ChainEntry } from '../chain/tree';
import { MAX_BODIES_EXPECTED } from './limits';
import type { PeerSession } from './peerSession';

/**
 * Which bodies each peer was asked for and may still deliver, in time or late. A block is known by the bytes of its header, so
 * that one that nobody asked for costs neither decoding nor a work hash.
 */
export class ExpectedBodies {
	/** By a digest of the encoded header, oldest first: what was asked, and how many times. */
	readonly #of = new Map<PeerSession, Map<Hash, { readonly hash: BlockHash; times: number }>>();

	add(session: PeerSession, entries: readonly ChainEntry[]): void {
		const expected = this.#of.get(session) ?? new Map();
		if (!session.closed) this.#of.set(session, expected);
		for (const { header, hash } of entries) {
			const key = sha256Hash(encodeHeader(header));
			const times = (expected.get(key)?.times ?? 0) + 1;
			expected.delete(key);
			expected.set(key, { hash, times });
			const [oldest] = expected.keys();
			if (expected.size > MAX_BODIES_EXPECTED) expected.delete(oldest);
		}
	}

	/** The hash of a block that the peer was asked for and now delivers; undefined for any other. */
	take(session: PeerSession, block: Uint8Array): BlockHash | undefined {
		const expected = this.#of.get(session);
		const key = sha256Hash(block.subarray(0, HEADER_LENGTH));
		const found = expected?.get(key);
		if (!found) return undefined;
		found.times -= 1;
		if (found.times === 0) expected?.delete(key);
		return found.hash;
	}

	/** The peer says that it does not have these. Returns whether it was asked for one of them. */
	missing(session: PeerSession, hashes: readonly BlockHash[]): boolean {
		const gone = new Set(hashes);
		const expected = this.#of.get(session) ?? new Map<Hash, { readonly hash: BlockHash }>();
		const found = [...expected].filter(([, { hash }]) => gone.has(hash));
		for (const [key] of found) expected.delete(key);
		return found.length > 0;
	}

	drop(session: PeerSession): void {
		this.#of.delete(session);
	}
}
