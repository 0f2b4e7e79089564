import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { BlockHash, ElectionId } from '../bytes/hash';
import { bytesToHex, hexToBytes } from '../bytes/hex';
import { utf8 } from '../bytes/text';
import type { NodeDatabase } from './nodeDatabase';

const KEY = 'seal';
const KEY_BYTES = 32;
const SEAL_BYTES = 16;

/**
 * What this slot writes beside a block that it has checked. Such a block is not proved again at the next start, so that note has to
 * be ours: a `valid` that got there otherwise (a flipped bit, a tool, a copy of another profile's rows) has no seal that fits, and
 * the block is proved like one that just arrived. What stands under a seal cannot be exchanged either, because it covers the hash,
 * and the hash the bytes.
 *
 * It is no protection from whoever can run code in this origin or reads the profile's files: they find the key beside what it seals.
 * They could also take the credentials from the wallet, or change the page that shows the result. What others accept they cannot
 * change: every other node has proved each ballot for itself, and `verify` proves all of them again.
 */
export type Seal = (hash: BlockHash) => string;

/** HMAC-SHA-256 (RFC 2104), half of it. Whatever stands where a hash should be is sealed as text: a damaged row is no error here. */
export function sealWith(key: string, electionId: ElectionId): Seal {
	const keyed = hmac.create(sha256, hexToBytes(key)).update(utf8(electionId));
	return (hash) =>
		bytesToHex(
			keyed
				.clone()
				.update(utf8(String(hash)))
				.digest()
				.subarray(0, SEAL_BYTES)
		);
}

/** The key of a slot, made when it is first needed. Rejects with storage-full or storage-failed. */
export async function sealKey(database: NodeDatabase): Promise<string> {
	return await database.update(['settings'], 'strict', async (tx) => {
		const store = tx.objectStore('settings');
		const kept = await store.get(KEY);
		if (kept !== undefined) return kept;
		const key = bytesToHex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
		await store.put(key, KEY);
		return key;
	});
}
