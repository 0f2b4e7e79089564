import type { ElectionId } from '../bytes/hash';
import type { Election } from '../election/definition';
import type { BlockJson, TransactionJson } from '../election/json';
import type { Results } from '../election/tally';
import { readJsonFile } from './jsonFile';
import { readRecord } from './readRecord';

export const RECORD_FORMAT = 'pollen-record';
export const RECORD_VERSION = 1;

/** Longest record that is read, in characters: some 300,000 ballots. Engines hold strings of twice that. */
export const MAX_RECORD_LENGTH = 2 ** 28;

/** A whole election in one file: definition, chain, and the result that they add up to. */
export interface ElectionRecord {
	readonly format: typeof RECORD_FORMAT;
	readonly version: typeof RECORD_VERSION;
	readonly electionId: ElectionId;
	readonly election: Election;
	/**
	 * The main chain, genesis included. What is a comment elsewhere is not one here: a wrong `hash` or `id` makes the audit
	 * fail, because people read and compare them.
	 */
	readonly blocks: readonly BlockJson[];
	/** Signed closings that are not on the chain: evidence that the organiser said two things. */
	readonly otherClosings: readonly TransactionJson[];
	readonly results: Results;
}

export function recordOf(parts: Omit<ElectionRecord, 'format' | 'version'>): ElectionRecord {
	const { electionId, election, blocks, otherClosings, results } = parts;
	return {
		format: RECORD_FORMAT,
		version: RECORD_VERSION,
		electionId,
		election,
		blocks,
		otherClosings,
		results
	};
}

/**
 * Reads a record that came from elsewhere. Every field has the form it should have then; whether what it says is true is for
 * the audit to find out.
 * @throws PollenError bad-record, with a message that names the path of what is wrong
 */
export function parseRecord(text: string): ElectionRecord {
	const value = readJsonFile(text, {
		format: RECORD_FORMAT,
		version: RECORD_VERSION,
		name: 'record',
		code: 'bad-record',
		maxLength: MAX_RECORD_LENGTH
	});
	return recordOf(readRecord(value));
}
