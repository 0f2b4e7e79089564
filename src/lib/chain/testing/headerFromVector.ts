import type { Hash } from '../../bytes/hash';
import type { Header } from '../header';

/** A header as it stands in tests/vectors: bigints as text. */
export interface HeaderVector {
	/** Decimal. */
	nonce: string;
	version: number;
	height: number;
	previousHash: string;
	merkleRoot: string;
	timestamp: number;
	/** 64 hex digits. */
	target: string;
}

export function headerFromVector(vector: HeaderVector): Header {
	return {
		nonce: BigInt(vector.nonce),
		version: vector.version,
		height: vector.height,
		previousHash: vector.previousHash as Hash,
		merkleRoot: vector.merkleRoot as Hash,
		timestamp: vector.timestamp,
		target: BigInt(`0x${vector.target}`)
	};
}
