import fc from 'fast-check';
import { hashFromBytes } from '../../bytes/hex';
import type { Header } from '../header';

export const anyHash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hashFromBytes);

export const anyTarget = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

/** Any header that has an encoding, whatever the rules say of it. */
export const anyHeader: fc.Arbitrary<Header> = fc.record({
	nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
	version: fc.nat(255),
	height: fc.nat(2 ** 32 - 1),
	previousHash: anyHash,
	merkleRoot: anyHash,
	timestamp: fc.maxSafeNat(),
	target: anyTarget
});
