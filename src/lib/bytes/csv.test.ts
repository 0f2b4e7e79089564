import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvText, defused } from './csv';

describe('csvText', () => {
	it('writes rows as RFC 4180 has them, marked as UTF-8', () => {
		expect(
			csvText([
				['a', 1],
				['say "yes", twice', 'two\nlines']
			])
		).toBe('\u{feff}a,1\r\n"say ""yes"", twice","two\nlines"\r\n');
	});

	it('can be read back by others, whatever the texts are', () => {
		const cell = fc.string({ unit: 'grapheme', minLength: 1 });
		fc.assert(
			fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
				const read = Papa.parse<string[]>(csvText(rows).slice(1), { delimiter: ',', newline: '\r\n' }).data;
				expect(read.slice(0, -1)).toEqual(rows);
			})
		);
	});
});

describe('defused', () => {
	it.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', '＝1', '\tA', '\nA'])(
		'keeps a spreadsheet from running %j',
		(text) => {
			expect(defused(text)).toBe(`'${text}`);
		}
	);

	it('looks behind spaces and separators too', () => {
		expect(defused('  =1')).toBe("  '=1");
		expect(defused('Ann;=1+1')).toBe("Ann;'=1+1");
	});

	it.each(['Ann', '7', 'a-b', 'x=y', ''])('leaves %j as it is', (text) => {
		expect(defused(text)).toBe(text);
	});
});
