import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seatsOf } from '../node/rendezvous';
import type { ElectionId } from '../bytes/hash';
import * as limits from './limits';
import { MESSAGE_TYPES, type MessageName } from './messages';
import { PAYLOADS } from './payloads';

const README = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

/** Rows of the table below a heading, without its header, cells trimmed and without backticks. */
function tableBelow(heading: string): string[][] {
	const section = README.split(new RegExp(`^#+ ${heading}$`, 'm'))[1]?.split(/^#/m)[0] ?? '';
	const rows = section.split('\n').filter((line) => line.startsWith('|'));
	return rows.slice(2).map((row) =>
		row
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim().replaceAll('`', ''))
	);
}

const numberIn = (text: string) => Number(text.replaceAll(',', ''));

describe('the specification beside the code', () => {
	it('names every message with its type and its limit', () => {
		const stated = tableBelow('Messages').map(([type, name, limit]) => ({ type, name, limit }));
		const names = Object.keys(MESSAGE_TYPES) as MessageName[];
		expect(stated.map(({ name }) => name)).toEqual(names);
		for (const { type, name, limit } of stated) {
			expect(Number(type), name).toBe(MESSAGE_TYPES[name as MessageName]);
			expect(numberIn(limit ?? ''), name).toBe(PAYLOADS[name as MessageName].maximumBytes);
		}
	});

	it('states how long lists and texts may be', () => {
		const fields: readonly (readonly [heading: string, field: string, type: string])[] = [
			['1 hello', 'title', `text(${limits.MAX_TITLE_CHARACTERS})`],
			['1 hello', 'label', `text(${limits.MAX_LABEL_CHARACTERS})`],
			['6 getHeaders', 'locator', `list(${limits.MAX_LOCATOR}) of hash`],
			['7 headers', 'headers', `list(${limits.MAX_HEADERS}) of header`],
			['8 getBlocks', 'hashes', `list(${limits.MAX_BLOCKS}) of hash`],
			['10 inventory, 11 getTransactions', 'ids', `list(${limits.MAX_INVENTORY}) of hash`],
			['14 peers', 'peerIds', `list(${limits.MAX_PEERS}) of peer ID`],
			['15 notFound', 'hashes', `list(${limits.MAX_NOT_FOUND}) of hash`]
		];
		for (const [heading, field, type] of fields) {
			const row = tableBelow(heading).find(([name]) => name === field);
			expect(row?.[1], `${heading}: ${field}`).toBe(type);
		}
	});

	it('states version, sizes and times of frames, and the names of seats', () => {
		expect(tableBelow('Frames')[0]?.slice(0, 4)).toEqual(['0', 'version', 'u8', String(limits.FRAME_VERSION)]);
		for (const bytes of [limits.PIECE_BYTES, limits.MAX_FRAME_BYTES]) {
			expect(README).toContain(bytes.toLocaleString('en'));
		}
		expect(README).toContain(`${limits.REASSEMBLY_MS / 1000} s`);
		const id = '0123456789abcdef'.repeat(4) as ElectionId;
		expect(README).toContain('pollen-<first 24 hex digits of the election ID>-<0, 1, 2 or 3>');
		expect(seatsOf(id)[3]).toBe('pollen-0123456789abcdef01234567-3');
	});
});
