import type { Nullifier } from '../bytes/hash';
import { hashToBytes } from '../bytes/hex';
import { sha256 } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { fiveBitGroups, inGroupsOfFour, symbolOf } from './crockford';

const DOMAIN = utf8('pollen/receipt/v1');
const RECEIPT_CODE_LENGTH = 12;

/**
 * The short name by which a voter finds their ballot in the list: XXXX-XXXX-XXXX, 60 bits. It comes from the nullifier,
 * which is the same in whatever block the ballot ends up and however a relay rewrites the malleable proof.
 */
export function receiptCode(nullifier: Nullifier): string {
	const digest = sha256(DOMAIN, hashToBytes(nullifier));
	return inGroupsOfFour(fiveBitGroups(digest, RECEIPT_CODE_LENGTH).map(symbolOf).join(''));
}
