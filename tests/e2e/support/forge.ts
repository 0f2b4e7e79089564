import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { BlockHash, Nullifier } from '../../../src/lib/bytes/hash';
import { bytesToHex, hexToBytes } from '../../../src/lib/bytes/hex';
import { nextTarget } from '../../../src/lib/chain/difficulty';
import { encodeHeader, type Header } from '../../../src/lib/chain/header';
import { setNonce, workMessage } from '../../../src/lib/chain/work';
import { transactionsRoot, type Block } from '../../../src/lib/election/block';
import { DEMO_ELECTION } from '../../../src/lib/election/demo';
import { blockFromJson, type BlockJson } from '../../../src/lib/election/json';
import type { Ballot, Transaction } from '../../../src/lib/election/transaction';
import foreign from '../../vectors/foreign-proof.json' with { type: 'json' };
import golden from '../../vectors/proof.json' with { type: 'json' };

/** A ballot of the demo election whose proof holds: of sample voter `index` + 1 (0 to 7), for option `index % 3`. */
export function goldenBallot(index: number): Ballot {
	return ballotOf(golden.proofs[index]!);
}

/** A ballot of the first sample voter whose proof holds, but in another election or for another group of voters. */
export function foreignBallot(from: 'otherElection' | 'otherGroup'): Ballot {
	return ballotOf(foreign[from]);
}

function ballotOf(vector: { nullifier: string; choices: number[]; proof: string }): Ballot {
	const { nullifier, choices, proof } = vector;
	return { kind: 'ballot', nullifier: nullifier as Nullifier, choices, proof: hexToBytes(proof) };
}

/**
 * A block of the demo election on the tip of a chain: valid, but for what `changes` makes of its header, and with real
 * work for it. With native SHA-256 that takes about a second, unless its nonce is known from before.
 */
export function forgeBlock(
	chain: readonly BlockJson[],
	transactions: readonly Transaction[],
	changes: Partial<Header> = {}
): Block {
	const parent = blockFromJson(chain.at(-1)).header;
	const grandparent = chain.length > 1 ? blockFromJson(chain.at(-2)).header : undefined;
	const header: Header = {
		nonce: 0n,
		version: 1,
		height: parent.height + 1,
		previousHash: chain.at(-1)!.hash,
		merkleRoot: transactionsRoot(transactions),
		timestamp: parent.timestamp + 1,
		target: nextTarget(DEMO_ELECTION, parent, grandparent),
		...changes
	};
	return { header: findNonce(header), transactions };
}

/** The work hash of a header, by Node's own SHA-256. */
export function workHash(header: Header): BlockHash {
	return sha256(workMessage(encodeHeader(header)));
}

/**
 * What was found before, by what was looked for: chains that are forged from the genesis are the same in every run. After a
 * change of what is forged, `KEEP_NONCES=1 npx playwright test` adds what is missing.
 */
const NONCES = new URL('./nonces.json', import.meta.url);
const knownNonces = JSON.parse(readFileSync(NONCES, 'utf8')) as Record<string, number>;

/** Whose time is later was forged on what a test has mined, and comes only once. */
const LAST_KNOWN = Date.UTC(2020, 0);

function findNonce(header: Header): Header {
	const message = workMessage(encodeHeader(header));
	const target = bytesToHex(encodeHeader(header).subarray(-32));
	const wanted = sha256(message);
	let nonce = BigInt(knownNonces[wanted] ?? header.nonce);
	setNonce(message, nonce);
	// Both are 64 lower-case hex digits, which compare like the numbers they stand for.
	while (sha256(message) > target) setNonce(message, ++nonce);
	if (process.env.KEEP_NONCES && header.timestamp < LAST_KNOWN) keepNonce(wanted, nonce);
	return { ...header, nonce };
}

function keepNonce(wanted: string, nonce: bigint): void {
	const known = JSON.parse(readFileSync(NONCES, 'utf8')) as Record<string, number>;
	writeFileSync(NONCES, `${JSON.stringify({ ...known, [wanted]: Number(nonce) }, undefined, '\t')}\n`);
}

function sha256(message: Uint8Array): BlockHash {
	return createHash('sha256').update(message).digest('hex') as BlockHash;
}
