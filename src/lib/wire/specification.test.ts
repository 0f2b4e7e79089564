import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numberIn, specification } from '../../../tests/support/specification';
import { seatsOf } from '../node/rendezvous';
import type { ElectionId } from '../bytes/hash';
import * as node from '../node/limits';
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

	it('states the numbers of finding, sync, conduct, relay and stems', () => {
		const text = spec.text.replace(/\s+/g, ' ');
		const seconds = (ms: number) => `${ms / 1000} s`;
		const between = ([from, to]: readonly [number, number], word: string) => `${from / 1000} ${word} ${to / 1000} s`;
		for (const phrase of [
			`at most ${node.MAX_LINKS} links`,
			`fewer than ${node.MAX_OUTBOUND} outbound links and fewer than ${node.ENOUGH_TO_REST} in all`,
			`stays longer than ${seconds(node.VISIT_MS)}`,
			`looks at all seats every ${between(node.ROUND_ALONE_MS, 'to')}`,
			`at most one in ${seconds(node.EVICTION_PAUSE_MS)}`,
			`less work than the receiver's chain had ${node.KEPT_FORK_BLOCKS} blocks ago`,
			`at most ${node.BODIES_IN_FLIGHT} under way with one peer`,
			`none of them within ${seconds(node.BODY_TIMEOUT_MS)}`,
			`more than ${node.MAX_BODIES_OWED} bodies asked for at once`,
			`more than ${node.MAX_UNASKED} answers beyond`,
			`more than ${node.MAX_BACKLOG_BYTES / 2 ** 20} MiB or ${node.MAX_BACKLOG_MESSAGES.toLocaleString('en')} messages`,
			`\`ping\` ${seconds(node.PING_INTERVAL_MS)} after`,
			`for ${seconds(node.PONG_MS)} after it`,
			`said \`hello\` in ${seconds(node.HELLO_MS)}`,
			`within ${node.GATHER_MS} ms on the same link`,
			`of each at most ${node.TRANSACTIONS_IN_FLIGHT} at once`,
			`up to ${node.MAX_OFFERED_PER_PEER.toLocaleString('en')} IDs each`,
			`not answered in ${seconds(node.TRANSACTION_TIMEOUT_MS)}`,
			`answered once in ${seconds(node.INVENTORY_REQUEST_MS)}`,
			`Every ${between(node.REMINDER_MS, 'to')}`,
			`chance of ${node.STEM_SPREAD_CHANCE * 100} %`,
			`between ${between(node.EMBARGO_MS, 'and')}`,
			`within ${seconds(node.STEM_MARGIN_MS)} of the poll's closing time`
		]) {
			expect(text).toContain(phrase);
		}
	});
});
