/** Tables of a specification in Markdown, so that tests can compare what it states with the code. */
export interface Specification {
	readonly text: string;
	/** All tables below a heading, up to the next heading: rows without the header, cells trimmed and without backticks. */
	tables(heading: string): string[][][];
	/** The first of them. */
	table(heading: string): string[][];
}

export function specification(text: string): Specification {
	const tables = (heading: string) => tablesIn(sectionBelow(text, heading));
	return { text, tables, table: (heading) => tables(heading)[0] ?? [] };
}

function sectionBelow(text: string, heading: string): string {
	return text.split(new RegExp(`^#+ ${heading}$`, 'm'))[1]?.split(/^#+ /m)[0] ?? '';
}

function tablesIn(section: string): string[][][] {
	const tables = section.split(/\n(?!\|)/).map((part) => part.split('\n').filter((line) => line.startsWith('|')));
	return tables.filter((lines) => lines.length > 0).map((lines) => lines.slice(2).map(cellsOf));
}

function cellsOf(row: string): string[] {
	return row
		.split('|')
		.slice(1, -1)
		.map((cell) => cell.trim().replaceAll('`', ''));
}

/** A number as people write it: `65,536`. */
export const numberIn = (text: string) => Number(text.replaceAll(',', ''));
