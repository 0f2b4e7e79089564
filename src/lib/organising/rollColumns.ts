import Papa from 'papaparse';

/** What a column of a list of voters holds; undefined for one that is not used. */
export type Column = 'voterId' | 'firstName' | 'name' | 'email' | undefined;

export interface Layout {
	readonly delimiter: string;
	readonly hasHeader: boolean;
	readonly columns: readonly Column[];
	/** Headings of the columns that are not used. */
	readonly ignored: readonly string[];
}

const DELIMITERS = [',', ';', '\t'] as const;
/** Rows that are looked at where there is no header to go by. */
const SAMPLE_ROWS = 100;
const SAMPLE_LENGTH = 65_536;

/** How columns are headed, in English and German, in lower-case letters and digits alone. */
const HEADINGS = new Map<string, Column>([
	...['voterid', 'voter', 'voterno', 'voternumber', 'id', 'no', 'nr', 'number', 'nummer', 'userid', 'username'].map(
		voterId
	),
	...['member', 'memberid', 'memberno', 'membernumber', 'membershipid', 'membershipno', 'membershipnumber'].map(
		voterId
	),
	...['mitglied', 'mitgliedsid', 'mitgliedid', 'mitgliedsnr', 'mitgliednr', 'mitgliedsnummer', 'mitgliedernummer'].map(
		voterId
	),
	...['wähler', 'wählerid', 'wählernr', 'wählernummer', 'waehler', 'waehlerid', 'waehlernr', 'waehlernummer'].map(
		voterId
	),
	...['kennung', 'benutzername', 'personalnummer', 'matrikelnummer'].map(voterId),
	...['firstname', 'forename', 'givenname', 'vorname', 'rufname'].map((heading) => [heading, 'firstName'] as const),
	...['name', 'fullname', 'displayname', 'lastname', 'surname', 'familyname'].map(
		(heading) => [heading, 'name'] as const
	),
	...['nachname', 'familienname', 'zuname', 'vollername'].map((heading) => [heading, 'name'] as const),
	...['email', 'mail', 'emailaddress', 'mailaddress', 'emailadresse', 'mailadresse'].map(
		(heading) => [heading, 'email'] as const
	)
]);

function voterId(heading: string): readonly [string, Column] {
	return [heading, 'voterId'];
}

/** How a list is laid out: by its header where it has one, else by its first rows. */
export function layoutOf(text: string): Layout {
	const start = text.slice(0, SAMPLE_LENGTH).replace(/^\s*\n/, '');
	return layoutByHeader(start) ?? layoutByRows(start);
}

/** Of the delimiters, the one with which the first row reads as a header with the most headings that are known. */
function layoutByHeader(text: string): Layout | undefined {
	const layouts = DELIMITERS.map((delimiter) => {
		const headings = (firstRows(text, delimiter, 1)[0] ?? []).map((cell) => cell.trim());
		const columns = withoutRepeats(headings.map(columnOf));
		return { delimiter, headings, columns, known: columns.filter((column) => column !== undefined).length };
	});
	const best = layouts.reduce((left, right) => (right.known > left.known ? right : left));
	// A single "Name" may as well be the voter ID of a list without a header.
	if (!best.columns.includes('voterId') && best.known < 2) return undefined;
	const width = best.headings.findLastIndex((heading) => heading !== '') + 1;
	return {
		delimiter: best.delimiter,
		hasHeader: true,
		columns: best.columns.slice(0, width),
		ignored: best.headings.filter((heading, index) => heading !== '' && best.columns[index] === undefined)
	};
}

function columnOf(heading: string): Column {
	return HEADINGS.get(
		heading
			.normalize('NFKC')
			.toLowerCase()
			.replace(/[^\p{Letter}\p{Number}]/gu, '')
	);
}

function withoutRepeats(columns: readonly Column[]): Column[] {
	return columns.map((column, index) => (columns.indexOf(column) === index ? column : undefined));
}

/** The voter ID stands first; of the others an "@" tells which is the e-mail address, and the first of the rest is the name. */
function layoutByRows(text: string): Layout {
	const { delimiter, rows, width } = steadiestOf(text);
	const others = Array.from({ length: width - 1 }, (_, index) => index + 1);
	const email = others.find((index) => isMostlyEmail(rows.map((row) => row[index] ?? '')));
	const name = others.find((index) => index !== email);
	const columns = Array.from({ length: width }, (_, index): Column => {
		if (index === 0) return 'voterId';
		if (index === email) return 'email';
		return index === name ? 'name' : undefined;
	});
	const ignored = columns.flatMap((column, index) => (column === undefined ? [`Column ${index + 1}`] : []));
	return { delimiter, hasHeader: false, columns, ignored };
}

/** The delimiter that gives most rows one width; of equals the one that stands first in the text, after the voter ID. */
function steadiestOf(text: string): { delimiter: string; rows: string[][]; width: number } {
	const readings = DELIMITERS.map((delimiter) => {
		const rows = firstRows(text, delimiter, SAMPLE_ROWS).filter((row) => row.some((cell) => cell.trim() !== ''));
		const width = commonest(rows.map((row) => row.length));
		const steady = width === 1 ? 0 : rows.filter((row) => row.length === width).length / rows.length;
		const at = text.indexOf(delimiter);
		return { delimiter, rows, width, steady, at: at === -1 ? Infinity : at };
	});
	return readings.reduce((left, right) => {
		if (right.steady !== left.steady) return right.steady > left.steady ? right : left;
		return right.at < left.at ? right : left;
	});
}

/** Of equally common numbers the first; 1 for none. */
function commonest(numbers: readonly number[]): number {
	const counts = new Map<number, number>();
	for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
	return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [1, 0] as [number, number])[0];
}

function isMostlyEmail(cells: readonly string[]): boolean {
	const filled = cells.filter((cell) => cell.trim() !== '');
	return filled.filter((cell) => cell.includes('@')).length * 2 > filled.length;
}

function firstRows(text: string, delimiter: string, rows: number): string[][] {
	return Papa.parse<string[]>(text, { delimiter, newline: '\n', preview: rows }).data;
}
