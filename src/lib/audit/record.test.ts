import { beforeAll, describe, expect, it } from 'vitest';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import { PollenError } from '../errors/pollenError';
import { MAX_RECORD_LENGTH, parseRecord, type ElectionRecord } from './record';
import { enrolmentRecord, issuedRecord } from './testing/sampleRecord';

let record: ElectionRecord;
let text: string;

beforeAll(async () => {
	record = await enrolmentRecord(fakeProofs());
	text = JSON.stringify(record);
});

/** The words with which a file is refused. */
function refusalOf(file: string): string {
	try {
		parseRecord(file);
	} catch (error) {
		if (error instanceof PollenError) return `${error.code}: ${error.message}`;
		throw error;
	}
	throw new Error('the file was not refused');
}

describe('reading a record', () => {
	it('gives what was written, whatever the white space, and a byte order mark or none', async () => {
		expect(parseRecord(text)).toEqual(record);
		expect(parseRecord(`\uFEFF${JSON.stringify(record, null, '\t')}\n`)).toEqual(record);
		const issued = await issuedRecord(fakeProofs());
		expect(parseRecord(JSON.stringify(issued))).toEqual(issued);
	});

	it('refuses half a download, wherever it ends', () => {
		for (let length = 2; length < text.length; length += 97) {
			expect(refusalOf(text.slice(0, length))).toBe(
				'bad-record: the record is damaged, or the file ends in its middle: was the download cut short?'
			);
		}
	});

	it.each([
		['an empty file', ''],
		['an image', '\u0089PNG\r\n\u001a\n\0\0\0\rIHDR'],
		['zeroes', '\0'.repeat(100)],
		['a table', 'voterId,name\nV1,Ada\n'],
		['a page', '<!doctype html><title>Not found</title>']
	])('refuses %s: it is not JSON', (_, junk) => {
		expect(refusalOf(junk)).toBe('bad-record: the file is no record: it is not JSON');
	});

	it.each([
		[
			'a receipt',
			'{"format":"pollen-receipt","version":1}',
			'format: the file is no record: its format is "pollen-receipt"'
		],
		['some other JSON', '{"name":"pollen"}', 'format: the file is no record: it names no format'],
		['a list', '[1,2,3]', 'format: the file is no record: it names no format'],
		['null', 'null', 'format: the file is no record: it names no format'],
		['a number', '7', 'format: the file is no record: it names no format'],
		['no version', '{"format":"pollen-record"}', 'version: this reads version 1 of a record: it names no version'],
		[
			'a later version',
			'{"format":"pollen-record","version":2}',
			'version: this reads version 1 of a record: it has version 2'
		]
	])('refuses %s, and says what it is', (_, other, message) => {
		expect(refusalOf(other)).toBe(`bad-record: ${message}`);
	});

	it('refuses a file that is too large, before it is read', () => {
		expect(refusalOf(' '.repeat(MAX_RECORD_LENGTH + 1))).toMatch('larger than a record can be');
	});

	it('refuses more transactions in a block than there can be', () => {
		const [genesis, first] = record.blocks;
		const crowded = { ...first, transactions: Array.from({ length: 1_001 }, () => first!.transactions[0]) };
		expect(refusalOf(JSON.stringify({ ...record, blocks: [genesis, crowded] }))).toMatch(
			/^bad-record: blocks\.1: a block has at most 1000 transactions/
		);
	});
});
