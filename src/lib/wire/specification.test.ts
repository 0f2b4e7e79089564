import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numberIn, specification } from '../../../tests/support/specification';
import { seatsOf } from '../node/rendezvous';
import type { ElectionId } from '../bytes/hash';
import * as limits from './limits';
import { MESSAGE_TYPES, type MessageName } from './messages';
import { PAYLOADS } from './payloads';

const spec = specification(readFileSync(new URL('./README.md', import.meta.url), 'utf8'));

describe('the specification beside the code', () => {
	it('names every message with its type and its limit', () => {
		const stated = spec.table('Messages').map(([type, name, limit]) => ({ type, name, limit }));
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
			const row = spec.table(heading).find(([name]) => name === field);
			expect(row?.[1], `${heading}: ${field}`).toBe(type);
		}
	});

	it('states version, sizes and times of frames, and the names of seats', () => {
		expect(spec.table('Frames')[0]?.slice(0, 4)).toEqual(['0', 'version', 'u8', String(limits.FRAME_VERSION)]);
		for (const bytes of [limits.PIECE_BYTES, limits.MAX_FRAME_BYTES]) {
			expect(spec.text).toContain(bytes.toLocaleString('en'));
		}
		expect(spec.text).toContain(`${limits.REASSEMBLY_MS / 1000} s`);
		const id = '0123456789abcdef'.repeat(4) as ElectionId;
		expect(spec.text).toContain('pollen-<first 24 hex digits of the election ID>-<0, 1, 2 or 3>');
		expect(seatsOf(id)[3]).toBe('pollen-0123456789abcdef01234567-3');
	});
});
