import { blockLength } from '../../src/lib/election/block';
import { blockFromJson, type BlockJson } from '../../src/lib/election/json';
import type { Tab } from '../e2e/support/tab';
import { bareChannel, bareDatabase } from './bareLimits';
import { unionOf, type PageNotes } from './pageNotes';
import type { BenchRow } from './row';

/** What the node notes in the browser's timeline. */
const VERIFY = 'pollen verify';
const COMMIT = 'pollen commit';
const FETCH = 'pollen fetch';

/**
 * How much of the time from navigation to tip at least one thing of a kind was under way, as the main thread sees it: a call to
 * the verifying workers, a transaction of the database, a block that was asked for. They overlap. What remains is the start of the
 * page, headers, and the node's own work.
 */
export function shareRows(seconds: number, notes: PageNotes): BenchRow[] {
	const verifying = measuresOf(notes, VERIFY);
	const writing = measuresOf(notes, COMMIT);
	const fetching = measuresOf(notes, FETCH);
	const busy = unionOf([...verifying, ...writing]);
	const any = unionOf([...verifying, ...writing, ...fetching]);
	const row = (what: string, ms: number): BenchRow => {
		const ours = ms / 1_000;
		return { name: `of that time, ${what}`, ours, theirs: seconds, ratio: ours / seconds, unit: 's' };
	};
	return [
		row('with proofs being verified', unionOf(verifying)),
		row('with blocks being written', unionOf(writing)),
		row('with blocks on their way', unionOf(fetching)),
		row('with blocks on their way and nothing else', any - busy),
		row('with none of these (start, headers, node)', seconds * 1_000 - any)
	];
}

/** What the network and the database take for the same by themselves, in the page that took the chain over. */
export async function bareRows({ page }: Tab, chain: readonly BlockJson[], notes: PageNotes): Promise<BenchRow[]> {
	const bytes = chain.reduce((sum, block) => sum + blockLength(blockFromJson(block)), 0);
	const writing = measuresOf(notes, COMMIT);
	const records = countOf(notes, COMMIT);
	const writes = { transactions: writing.length, records, recordBytes: Math.round(bytes / chain.length) };
	const row = (name: string, ours: number, theirs: number): BenchRow => {
		return { name, ours, theirs, ratio: theirs / ours, unit: 's' };
	};
	return [
		row(
			`${(bytes / 1e6).toFixed(1)} MB of blocks on their way, against a bare channel`,
			unionOf(measuresOf(notes, FETCH)) / 1_000,
			await bareChannel(page, bytes)
		),
		row(
			`${writes.transactions} writes of ${records} records, against a bare database`,
			unionOf(writing) / 1_000,
			await bareDatabase(page, writes)
		)
	];
}

/** How many ballots' proofs were verified. */
export function verifiedIn(notes: PageNotes): number {
	return countOf(notes, VERIFY);
}

function measuresOf({ measures }: PageNotes, name: string): PageNotes['measures'] {
	return measures.filter((measure) => measure.name === name);
}

/** How many things were dealt with in all. */
function countOf(notes: PageNotes, name: string): number {
	return measuresOf(notes, name).reduce((sum, { count }) => sum + count, 0);
}
