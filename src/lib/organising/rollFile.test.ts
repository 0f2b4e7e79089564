import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';
import { MAX_VOTERS } from './limits';
import { readRoll, type RollProblem } from './rollFile';

/** What a list is refused with as a whole. */
function refusalOf(source: Uint8Array | string): string | undefined {
	try {
		readRoll(source);
		return undefined;
	} catch (error) {
		expect(error).toBeInstanceOf(PollenError);
		expect(error).toMatchObject({ code: 'bad-roll' });
		return (error as PollenError).message;
	}
}

function problemsOf(source: string): readonly RollProblem[] {
	return readRoll(source).problems;
}

function utf16(text: string, isBigEndian: boolean): Uint8Array {
	const bytes = new Uint8Array(2 * text.length + 2);
	const view = new DataView(bytes.buffer);
	[0xfeff, ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))].forEach((unit, index) =>
		view.setUint16(2 * index, unit, !isBigEndian)
	);
	return bytes;
}

const numbered = (length: number) => Array.from({ length }, (_, index) => `V${index + 1}`).join('\n');

describe('readRoll', () => {
	it('reads a plain list of voter IDs, one a line', () => {
		expect(readRoll('A-1\n\n  A-2  \r\nA-3\n')).toEqual({
			rows: [
				{ line: 1, voterId: 'A-1', name: '', email: '' },
				{ line: 3, voterId: 'A-2', name: '', email: '' },
				{ line: 4, voterId: 'A-3', name: '', email: '' }
			],
			problems: [],
			hasHeader: false,
			ignoredColumns: []
		});
	});

	it.each([
		['commas', 'voter ID,name,e-mail\n7,Ada,ada@example.org'],
		['semicolons', 'E-Mail;Name;Mitgliedsnummer\nada@example.org;Ada;7'],
		['tabs', 'Member number\tFull name\tMail\n7\tAda\tada@example.org'],
		['quoted headings', '"VoterID","E-Mail-Adresse","Name"\n"7","ada@example.org","Ada"'],
		['a blank line before', '\n\nid,email,name\n7,ada@example.org,Ada'],
		['no header', '7,Ada,ada@example.org'],
		['no header, and the e-mail address first', '7;ada@example.org;Ada']
	])('finds the columns with %s', (_, text) => {
		expect(readRoll(text).rows).toMatchObject([{ voterId: '7', name: 'Ada', email: 'ada@example.org' }]);
	});

	it('joins first and last name, and names the columns that it leaves out', () => {
		const { rows, ignoredColumns } = readRoll('Nr;Vorname;Nachname;Eintritt\n7;Ada;Lovelace;1842');
		expect(rows).toMatchObject([{ voterId: '7', name: 'Ada Lovelace', email: '' }]);
		expect(ignoredColumns).toEqual(['Eintritt']);
	});

	it('takes a delimiter inside of quotes, or of names, for text', () => {
		const text = 'Voter ID;Name\n1;Lovelace, Ada\n2;"Hopper; Grace ""Amazing"""\n3;Curie, Marie';
		expect(readRoll(text).rows.map(({ name }) => name)).toEqual([
			'Lovelace, Ada',
			'Hopper; Grace "Amazing"',
			'Curie, Marie'
		]);
		expect(readRoll('1;Lovelace, Ada\n2;Curie, Marie').rows).toMatchObject([{ voterId: '1' }, { voterId: '2' }]);
	});

	it('does not take a voter for a header', () => {
		expect(readRoll('name\nother').rows.map(({ voterId }) => voterId)).toEqual(['name', 'other']);
	});

	it.each([
		['UTF-8 with a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...utf8('id,name\nÄ1,Jürgen')])],
		['UTF-16, little-endian', utf16('id,name\nÄ1,Jürgen', false)],
		['UTF-16, big-endian', utf16('id,name\nÄ1,Jürgen', true)],
		['Windows-1252', Uint8Array.from('id,name\nÄ1,Jürgen', (character) => character.charCodeAt(0))]
	])('reads %s', (_, bytes) => {
		expect(readRoll(bytes)).toMatchObject({ hasHeader: true, rows: [{ voterId: 'Ä1', name: 'Jürgen' }] });
	});

	it('counts lines, not rows', () => {
		const { rows } = readRoll('id,name\r\n1,"two\r\nlines"\r\n\r\n2,Ada\r\n');
		expect(rows).toEqual([
			{ line: 2, voterId: '1', name: 'two lines', email: '' },
			{ line: 5, voterId: '2', name: 'Ada', email: '' }
		]);
	});

	it('names the line of a duplicate and of its first', () => {
		expect(problemsOf('A\nB\nA\nA')).toEqual([
			{ line: 3, kind: 'duplicate-voter-id', voterId: 'A', firstLine: 1 },
			{ line: 4, kind: 'duplicate-voter-id', voterId: 'A', firstLine: 1 }
		]);
		expect(problemsOf('\u00e9\ne\u0301')).toMatchObject([{ line: 2, kind: 'duplicate-voter-id' }]);
	});

	it('names lines without a voter ID, but not blank ones', () => {
		expect(problemsOf('id,name\n,Ada\n\n,\n2,Grace')).toEqual([{ line: 2, kind: 'blank-voter-id' }]);
	});

	it('names texts that are too long, counted in characters', () => {
		expect(problemsOf(`${'𝄞'.repeat(64)}\n${'𝄞'.repeat(65)}`)).toEqual([
			{ line: 2, kind: 'too-long', column: 'voterId', limit: 64 }
		]);
		expect(problemsOf(`id,name\n1,${'x'.repeat(255)}`)).toEqual([
			{ line: 2, kind: 'too-long', column: 'name', limit: 254 }
		]);
	});

	it('names characters that no definition can hold', () => {
		expect(problemsOf('A-good-one\nA\u0007\n\ud800')).toEqual([
			{ line: 2, kind: 'unusable-character' },
			{ line: 3, kind: 'unusable-character' }
		]);
	});

	it('names rows with another number of columns, and lets empty cells at the end be', () => {
		expect(problemsOf('id,name\n1\n2,Grace,,\n3,Ada,x\n4,')).toEqual([
			{ line: 2, kind: 'odd-columns', columns: 1, expected: 2 },
			{ line: 4, kind: 'odd-columns', columns: 3, expected: 2 }
		]);
	});

	it('names the line on which a quote is opened and never closed', () => {
		const { rows, problems } = readRoll('id,name\n1,Ada\n2,"Grace\n3,Marie\n');
		expect(rows.map(({ voterId }) => voterId)).toEqual(['1']);
		expect(problems).toEqual([{ line: 3, kind: 'open-quote' }]);
	});

	it('takes as many voters as an election may have, and no more', () => {
		expect(readRoll(numbered(MAX_VOTERS)).rows).toHaveLength(MAX_VOTERS);
		expect(refusalOf(numbered(MAX_VOTERS + 1))).toMatch(/at most 10,000 voters/);
	});

	it.each([
		['nothing', '', /no voter/],
		['white space', ' \n\t\n', /no voter/],
		['a header alone', 'voter ID,name\n', /no voter/],
		['a header without voter IDs', 'name,email\nAda,ada@example.org', /“Voter ID”/],
		['200,000 rows', numbered(200_000), /at most 10,000 voters/],
		['200,000 rows of quotes', '"a\n'.repeat(200_000), /at most 10,000 voters/],
		['a line without end', 'x'.repeat(5_000_000), /too long/]
	])('refuses %s', (_, text, sentence) => {
		expect(refusalOf(text)).toMatch(sentence);
		expect(refusalOf(new TextEncoder().encode(text))).toBeDefined();
	});

	it.each([
		['a spreadsheet or another archive', new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0, 0, 0, 33, 0])],
		['bytes of chance', Uint8Array.from({ length: 4_096 }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 0xff)],
		['half a UTF-16 character', new Uint8Array([0xff, 0xfe, 0x41])]
	])('refuses %s', (_, bytes) => {
		expect(refusalOf(bytes)).toMatch(/not a list in plain text/);
	});

	it('refuses a file that is too large before it reads it', () => {
		expect(refusalOf(new Uint8Array(50_000_000))).toMatch(/too large/);
	});
});

/** A line of text without white space at its ends, composed, as voter IDs come out. */
const anyText = fc
	.string({
		unit: fc.oneof(fc.constantFrom(...',;\t" ab@'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }))
	})
	.map((text) =>
		text
			.replace(/\p{Control}/gu, '')
			.normalize('NFC')
			.trim()
	)
	.filter((text) => !text.startsWith('\ufeff'));
const anyVoter = fc.record({
	voterId: anyText.filter((text) => text !== '' && [...text].length <= 64),
	name: anyText,
	email: anyText
});

function csv(rows: readonly (readonly string[])[], delimiter: string, newline: string, quotesAll: boolean): string {
	const cell = (text: string) => (quotesAll || /[,;\t"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	return rows.map((row) => row.map(cell).join(delimiter) + newline).join('');
}

describe('readRoll, of anything', () => {
	it('gives back what was written as CSV', () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(anyVoter, { minLength: 1, maxLength: 12, selector: (voter) => voter.voterId }),
				fc.constantFrom(',', ';', '\t'),
				fc.constantFrom('\n', '\r\n'),
				fc.boolean(),
				(voters, delimiter, newline, quotesAll) => {
					const rows = voters.map(({ voterId, name, email }) => [name, voterId, email]);
					const text = csv([['Name', 'Voter ID', 'E-mail'], ...rows], delimiter, newline, quotesAll);
					for (const source of [text, new TextEncoder().encode(text)]) {
						const reading = readRoll(source);
						expect(reading.problems).toEqual([]);
						expect(reading.rows).toEqual(voters.map((voter, index) => ({ line: index + 2, ...voter })));
					}
				}
			),
			{ numRuns: 500 }
		);
	});

	it('is read, or refused with bad-roll, whatever the bytes are', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void refusalOf(bytes)),
			{ numRuns: 2_000 }
		);
	});

	it('gives voters with different voter IDs that a definition takes, whatever the text is', () => {
		const anyList = fc.string({ unit: fc.constantFrom(...'ab1,;\t"\n\r\u0007é '), maxLength: 200 });
		fc.assert(
			fc.property(anyList, (text) => {
				if (refusalOf(text) !== undefined) return;
				const { rows, problems } = readRoll(text);
				expect(new Set(rows.map(({ voterId }) => voterId)).size).toBe(rows.length);
				expect(rows.every(({ voterId }) => /^[^\p{Control}]{1,64}$/u.test(voterId))).toBe(true);
				const lines = [...rows, ...problems].map(({ line }) => line);
				expect(new Set(lines).size).toBe(lines.length);
				expect(Math.max(...lines)).toBeLessThanOrEqual(text.split(/\r\n?|\n/).length);
			}),
			{ numRuns: 2_000 }
		);
	});
});
