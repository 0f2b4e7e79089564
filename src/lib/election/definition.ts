import canonicalize from 'canonicalize';
import { bytesEqual } from '../bytes/compare';
import { parseAs } from '../bytes/parseAs';
import { fromUtf8, utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';
import { electionSchema } from './electionSchema';
import type { ProofDepth } from './proofDepth';

/** One question, and the answers among which a voter chooses one or none. */
export interface Contest {
	readonly title: string;
	readonly options: readonly string[];
}

export interface RollEntry {
	readonly voterId: string;
	/** 64 hex digits. With `issued` the voter's identity commitment; with `enrolment` the Ed25519 public key of their code. */
	readonly key: string;
}

/** An election's immutable definition. What it says is fixed by the election ID, which is a hash over it. */
export interface Election {
	readonly version: 1;
	readonly title: string;
	readonly description: string;
	readonly contests: readonly Contest[];
	readonly eligibility: 'issued' | 'enrolment';
	/** With `issued`, in group order. */
	readonly roll: readonly RollEntry[];
	/** Ed25519 public key, 64 hex digits; null when nobody can close the poll. Never null with `enrolment`. */
	readonly organiser: string | null;
	/** The first instant at which a ballot counts, as Date.toISOString writes it; null: from the start. */
	readonly opensAt: string | null;
	/** The first instant at which a ballot no longer counts; null: never. */
	readonly closesAt: string | null;
	/** Milliseconds between blocks that difficulty aims at. */
	readonly blockInterval: number;
	/** Expected hashes a block, at the start and at least. */
	readonly initialDifficulty: number;
	readonly proofDepth: ProofDepth;
}

/** A long roll takes a while to encode, and storage, the genesis and every peer that asks want the same bytes. */
const encodings = new WeakMap<Election, Uint8Array>();

/**
 * The canonical form of a definition: RFC 8785 JSON in UTF-8. The result, like the definition itself from now on, must not be
 * changed.
 * @throws PollenError bad-definition, naming the field that breaks a limit.
 */
export function encodeElection(election: Election): Uint8Array {
	let bytes = encodings.get(election);
	if (bytes === undefined) {
		bytes = canonicalBytes(parseAs(electionSchema, election, 'bad-definition'));
		encodings.set(election, bytes);
	}
	return bytes;
}

/**
 * Reads a definition that came from elsewhere. Only its canonical form is accepted, so that one election has one ID
 * and no two readers can understand the same bytes differently (duplicate keys, say).
 * @throws PollenError bad-definition
 */
export function decodeElection(bytes: Uint8Array): Election {
	const election = parseAs(electionSchema, parseJson(bytes), 'bad-definition');
	const canonical = canonicalBytes(election);
	if (!bytesEqual(canonical, bytes)) {
		throw new PollenError('bad-definition', 'the definition is not in its canonical form (RFC 8785)');
	}
	encodings.set(election, canonical);
	return election;
}

/**
 * The definition that these bytes stand for, of which {@link decodeElection} has found in another thread that they stand for one:
 * parsing takes a tenth of the time of checking.
 * @param bytes not to be changed any more
 */
export function decodeCheckedElection(bytes: Uint8Array): Election {
	const election = parseJson(bytes) as Election;
	encodings.set(election, bytes);
	return election;
}

function parseJson(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(fromUtf8(bytes));
	} catch (cause) {
		throw new PollenError('bad-definition', 'the definition is not JSON in UTF-8', { cause });
	}
}

function canonicalBytes(election: Election): Uint8Array {
	const json = canonicalize(election);
	if (json === undefined) throw new PollenError('bad-definition', 'the definition has no JSON form');
	return utf8(json);
}
