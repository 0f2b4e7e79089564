import Papa from 'papaparse';
import { MAX_VOTER_ID_LENGTH } from '../election/limits';
import { PollenError } from '../errors/pollenError';
import type { Contact } from '../storage/port';
import { MAX_CONTACT_LENGTH, MAX_ROLL_BYTES, MAX_ROLL_LINES, MAX_VOTERS } from './limits';
import { layoutOf, type Column } from './rollColumns';
import { decodeRoll } from './rollText';

/** A voter as listed. */
export interface RollRow extends Contact {
	/** Line of the text on which the row begins, from 1. */
	readonly line: number;
}

/** What keeps a row from being a voter. Lines count from 1. */
export type RollProblem = { readonly line: number } & (
	| { readonly kind: 'open-quote' | 'blank-voter-id' | 'unusable-character' }
	| { readonly kind: 'duplicate-voter-id'; readonly voterId: string; readonly firstLine: number }
	| { readonly kind: 'too-long'; readonly column: 'voterId' | 'name' | 'email'; readonly limit: number }
	| { readonly kind: 'odd-columns'; readonly columns: number; readonly expected: number }
);

export interface RollReading {
	/** The voters of all sound rows, in the order of the list. */
	readonly rows: readonly RollRow[];
	/** In the order of their lines, at most one a row. */
	readonly problems: readonly RollProblem[];
	readonly hasHeader: boolean;
	/** Headings of the columns that are not used. */
	readonly ignoredColumns: readonly string[];
}

interface Row {
	readonly line: number;
	readonly cells: readonly string[];
	readonly hasOpenQuote: boolean;
}

/** What a voter ID must not hold: lone surrogates have no UTF-8, and nobody can type the others. */
const UNUSABLE = /\p{Control}|\p{Surrogate}/u;
const CONTROLS = /\p{Control}+/gu;

/**
 * Reads a list of voters: CSV with or without a header, or one voter ID a line. Rows that cannot be voters are listed
 * among the problems.
 * @throws PollenError bad-roll when there is no list of at most {@link MAX_VOTERS} voters in it at all; its message is
 * for the reader
 */
export function readRoll(source: Uint8Array | string): RollReading {
	const text = (typeof source === 'string' ? source : decodeRoll(source).text).replace(/^\uFEFF/, '');
	const lines = text.replace(/\r\n?/g, '\n');
	requireReasonableLength(lines);
	const layout = layoutOf(lines);
	const rows = rowsOf(lines, layout.delimiter).slice(layout.hasHeader ? 1 : 0);
	if (rows.length === 0) throw new PollenError('bad-roll', 'There is no voter in this list.');
	if (rows.length > MAX_VOTERS) throw tooMany();
	if (!layout.columns.includes('voterId')) {
		throw new PollenError(
			'bad-roll',
			'No column of this list is headed “Voter ID”. Give the voters’ column that name.'
		);
	}
	return { ...judge(rows, layout.columns), hasHeader: layout.hasHeader, ignoredColumns: layout.ignored };
}

function requireReasonableLength(text: string): void {
	if (text.length > MAX_ROLL_BYTES) throw new PollenError('bad-roll', 'This is too long for a list of voters.');
	let lineBreaks = 0;
	for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineBreaks += 1;
	if (lineBreaks > MAX_ROLL_LINES) throw tooMany();
}

function tooMany(): PollenError {
	return new PollenError(
		'bad-roll',
		`This list is too long: an election can have at most ${MAX_VOTERS.toLocaleString('en')} voters.`
	);
}

/** All rows that are not blank. A quoted cell may span lines, so the line of a row is counted, not its index. */
function rowsOf(text: string, delimiter: string): Row[] {
	const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: '\n' });
	const openQuotes = new Set(errors.filter((error) => error.type === 'Quotes').map((error) => error.row));
	let line = 1;
	return data.flatMap((cells, index) => {
		const row = { line, cells: cells.map((cell) => cell.trim()), hasOpenQuote: openQuotes.has(index) };
		line += 1 + cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
		return row.hasOpenQuote || row.cells.some((cell) => cell !== '') ? [row] : [];
	});
}

function judge(rows: readonly Row[], columns: readonly Column[]): Pick<RollReading, 'rows' | 'problems'> {
	const lineOf = new Map<string, number>();
	const sound: RollRow[] = [];
	const problems: RollProblem[] = [];
	for (const row of rows) {
		const contact = contactOf(row, columns);
		const problem = problemOf(row, contact, columns.length, lineOf);
		if (problem) problems.push(problem);
		else sound.push({ line: row.line, ...contact });
		if (!lineOf.has(contact.voterId)) lineOf.set(contact.voterId, row.line);
	}
	return { rows: sound, problems };
}

function contactOf({ cells }: Row, columns: readonly Column[]): Contact {
	const cell = (column: Column) => cells[columns.indexOf(column)] ?? '';
	const name = `${cell('firstName')} ${cell('name')}`;
	return {
		// Composed, so that two voter IDs that look the same are the same.
		voterId: cell('voterId').normalize('NFC'),
		name: name.replace(CONTROLS, ' ').trim(),
		email: cell('email').replace(CONTROLS, ' ').trim()
	};
}

function problemOf(
	{ line, cells, hasOpenQuote }: Row,
	{ voterId, name, email }: Contact,
	expected: number,
	lineOf: ReadonlyMap<string, number>
): RollProblem | undefined {
	if (hasOpenQuote) return { line, kind: 'open-quote' };
	// Spreadsheets pad rows with empty cells.
	const columns = Math.max(cells.findLastIndex((cell) => cell !== '') + 1, Math.min(cells.length, expected));
	if (columns !== expected) return { line, kind: 'odd-columns', columns, expected };
	if (voterId === '') return { line, kind: 'blank-voter-id' };
	if (UNUSABLE.test(voterId)) return { line, kind: 'unusable-character' };
	if ([...voterId].length > MAX_VOTER_ID_LENGTH) {
		return { line, kind: 'too-long', column: 'voterId', limit: MAX_VOTER_ID_LENGTH };
	}
	if (name.length > MAX_CONTACT_LENGTH) return { line, kind: 'too-long', column: 'name', limit: MAX_CONTACT_LENGTH };
	if (email.length > MAX_CONTACT_LENGTH) return { line, kind: 'too-long', column: 'email', limit: MAX_CONTACT_LENGTH };
	const firstLine = lineOf.get(voterId);
	return firstLine === undefined ? undefined : { line, kind: 'duplicate-voter-id', voterId, firstLine };
}
