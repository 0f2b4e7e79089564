import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import type { Invitation } from './invitations';
import { invitationsCsv } from './invitationsCsv';

const INVITATION: Invitation = { voterId: 'V1', name: 'Ann', email: 'ann@example.org', code: 'DEBYXWSM4WBNCJEY' };
const LINK = 'https://example.org/#/election/1/vote?voter=V1&code=DEBYXWSM4WBNCJEY';

const csvOf = (...changes: Partial<Invitation>[]) =>
	invitationsCsv(
		changes.map((change) => ({ ...INVITATION, ...change })),
		() => LINK
	);
const bare = (text: string) => text.replaceAll("'", '');
/** The cells as another program reads them. */
const read = (csv: string) => Papa.parse<string[]>(csv.slice(1).trimEnd(), { newline: '\r\n', delimiter: ',' }).data;
const firstRow = (change: Partial<Invitation>) => read(csvOf(change))[1] ?? [];

describe('invitationsCsv', () => {
	it('has a byte order mark, the header and one line for each voter, all ended by CRLF', () => {
		expect(csvOf({}, { voterId: 'V2', name: '', email: '' })).toBe(
			'\u{feff}voter ID,name,e-mail,voting code,link\r\n' +
				`V1,Ann,ann@example.org,DEBY-XWSM-4WBN-CJEY,${LINK}\r\n` +
				`V2,,,DEBY-XWSM-4WBN-CJEY,${LINK}\r\n`
		);
	});

	it('asks for the link of each invitation', () => {
		const csv = invitationsCsv([INVITATION, { ...INVITATION, voterId: 'V2' }], ({ voterId }) => `link-${voterId}`);
		expect(read(csv).map((row) => row[4])).toEqual(['link', 'link-V1', 'link-V2']);
	});

	it.each(['Smith, "Bob"', 'two\r\nlines', 'semi;colon', '"', 'Zoë 🐝'])('keeps %j whole', (name) => {
		expect(firstRow({ name })[1]).toBe(name);
	});

	it.each(['=1+1', '+1', '-1', '@A1', '\tA', '\rA', '\nA', '＝1'])('defuses the name %j', (name) => {
		expect(firstRow({ name })[1]).toBe(`'${name}`);
	});

	it('defuses what would be a formula where a semicolon ends a cell', () => {
		expect(firstRow({ name: 'Ann;=1+1' })[1]).toBe("Ann;'=1+1");
	});

	it.each(['=HYPERLINK("http://x")', "=cmd|'/C calc'!A0", '+SUM(A1)', '@SUM(A1)', '-Sheet1!A1', "='http://x'#$A.A1"])(
		'defuses the voter ID and the e-mail address %j',
		(formula) => {
			const [voterId, , email] = firstRow({ voterId: formula, email: formula });
			expect([voterId, email]).toEqual([`'${formula}`, `'${formula}`]);
		}
	);

	it.each(['+49 171-23', '-7', '@ann', '=12/b', '+tag@example.org'])('keeps the voter ID %j for mail merge', (id) => {
		const [voterId, , email] = firstRow({ voterId: id, email: id });
		expect([voterId, email]).toEqual([id, id]);
	});

	it('reads back as it was written but for the apostrophe, and no cell calls anything', () => {
		const text = fc.oneof(
			fc.string({ unit: 'grapheme' }),
			fc.string({ unit: fc.constantFrom(...'=+-@\t"\',;\r\n(|!A1＝'.split('')) })
		);
		fc.assert(
			fc.property(fc.array(fc.tuple(text, text, text), { minLength: 1 }), (people) => {
				const invitations = people.map(([voterId, name, email]) => ({ ...INVITATION, voterId, name, email }));
				const rows = read(invitationsCsv(invitations, () => LINK)).slice(1);
				expect(rows).toHaveLength(people.length);
				for (const [index, row] of rows.entries()) {
					for (const [column, written] of (people[index] ?? []).entries()) {
						const cell = row[column] ?? '';
						expect(bare(cell)).toBe(bare(written));
						expect(cell).not.toMatch(/^[\t\r\n].*[(|!"[#$]/su);
						// Whichever separator the other program goes by.
						for (const part of cell.split(/[,;]/)) expect(part).not.toMatch(/^[=+\-@＝].*[(|!"[#$]/su);
					}
				}
			})
		);
	});

	it('writes the first, a middle and the last of 5,000 voters right', () => {
		const invitations = Array.from({ length: 5_000 }, (_, n) => ({ ...INVITATION, voterId: `V${n}` }));
		const rows = read(invitationsCsv(invitations, ({ voterId }) => `#${voterId}`));
		expect(rows).toHaveLength(5_001);
		expect([1, 2_500, 5_000].map((n) => [rows[n]?.[0], rows[n]?.[4]])).toEqual([
			['V0', '#V0'],
			['V2499', '#V2499'],
			['V4999', '#V4999']
		]);
	});
});
