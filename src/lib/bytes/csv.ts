/** Tells spreadsheets that the file is UTF-8; without it they take it for the code page of the machine. */
const BYTE_ORDER_MARK = '\u{feff}';
const NEEDS_QUOTES = /[",;\r\n]|^\s|\s$/;

/**
 * Where a spreadsheet could begin a formula (OWASP, "CSV Injection"): at the start of a text, and after what another
 * locale takes for the separator of cells. Full-width signs count as well.
 */
const FORMULA = /^(?=[\t\r\n])|(^ *|[,;\t\r\n])(?=[=+\-@＝＋－＠])/gu;

/** Comma-separated values as RFC 4180 has them: comma, CRLF, quotes where they are needed; with a byte order mark. */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
	return BYTE_ORDER_MARK + rows.map((row) => `${row.map((cell) => quoted(String(cell))).join(',')}\r\n`).join('');
}

/** A text with an apostrophe wherever a spreadsheet would begin a formula: it must stay text for whoever opens the file. */
export function defused(text: string): string {
	return text.replace(FORMULA, "$1'");
}

function quoted(cell: string): string {
	return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
