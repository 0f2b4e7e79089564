import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { numberIn, specification } from '../../../tests/support/specification';
import { ZERO_HASH } from '../bytes/hash';
import { refusalOf } from '../bytes/testing/refusalOf';
import { bytesToHex } from '../bytes/hex';
import { sha256, sha256Hash } from '../bytes/sha256';
import { concatBytes } from '../bytes/compare';
import { checkHeader, MAX_FUTURE_MS, type HeaderContext } from './checkHeader';
import { maxTargetOf, nextTarget, WINDOW } from './difficulty';
import { encodeHeader, HEADER_LENGTH, HEADER_VERSION, type Header } from './header';
import { MAX_INVALID_HASHES } from './invalidHashes';
import { locatorOf, MAX_LOCATOR_LENGTH } from './locator';
import { merkleRoot } from './merkle';
import { chainOn, entryOf, genesis, treeOf } from './testing/randomTree';
import { WORK_MESSAGE_LENGTH, workHashSync, workMessage } from './work';

const spec = specification(readFileSync(new URL('./README.md', import.meta.url), 'utf8'));

const HEADER: Header = {
	nonce: 1n,
	version: HEADER_VERSION,
	height: 2,
	previousHash: '01'.repeat(32) as Header['previousHash'],
	merkleRoot: '02'.repeat(32) as Header['merkleRoot'],
	timestamp: 3,
	target: 4n
};

describe('the specification of the chain beside the code', () => {
	it('has the fields of a header, each at its place and of its length', () => {
		const rows = spec.table('Header');
		expect(rows.map(([, , field]) => field)).toEqual(Object.keys(HEADER));
		let end = 0;
		for (const [offset, bytes, field, type] of rows) {
			expect(Number(offset), field).toBe(end);
			end += Number(bytes);
			expect(Number(bytes), field).toBe(type === 'hash' ? 32 : Number(type?.slice(1)) / 8);
			const changed = encodeHeader({ ...HEADER, ...largest(field as keyof Header) });
			const differing = [...changed.keys()].filter((at) => changed[at] !== encodeHeader(HEADER)[at]);
			expect(Math.min(...differing), field).toBeGreaterThanOrEqual(Number(offset));
			expect(Math.max(...differing), field).toBe(end - 1);
		}
		expect(end).toBe(HEADER_LENGTH);
	});

	/** The field with every byte of its encoding changed that can be. */
	function largest(field: keyof Header): Partial<Header> {
		if (field === 'previousHash' || field === 'merkleRoot') return { [field]: 'ff'.repeat(32) };
		if (field === 'timestamp') return { timestamp: Number.MAX_SAFE_INTEGER };
		if (field === 'nonce') return { nonce: 2n ** 64n - 1n };
		if (field === 'target') return { target: 2n ** 256n - 1n };
		return { [field]: field === 'version' ? 255 : 2 ** 32 - 1 };
	}

	it('has the layout of the work message', () => {
		const [header = [], filler = []] = spec.table('Work hash');
		const encoded = encodeHeader(HEADER);
		expect(header.slice(0, 2)).toEqual(['0', String(HEADER_LENGTH)]);
		const [offset, bytes, content] = filler;
		expect(Number(offset)).toBe(HEADER_LENGTH);
		const [, times, rest] = /repeated ([\d,]+) times, then its first (\d+) bytes/.exec(content ?? '') ?? [];
		const digest = sha256(encoded.subarray(8, 117));
		const repeated = Array.from({ length: numberIn(times ?? '') }, () => digest);
		const stated = concatBytes(encoded, ...repeated, digest.subarray(0, Number(rest)));
		expect(stated.length).toBe(HEADER_LENGTH + numberIn(bytes ?? ''));
		expect(stated.length).toBe(WORK_MESSAGE_LENGTH);
		expect(bytesToHex(workMessage(encoded)) === bytesToHex(stated)).toBe(true);
		expect(workHashSync(encoded)).toBe(sha256Hash(stated));
	});

	it('says what the Merkle tree is', () => {
		const [none, one, more] = spec.table('Merkle tree').map(([, root]) => root);
		expect(none).toBe('SHA-256 of nothing');
		expect(merkleRoot([])).toBe(sha256Hash());
		expect(one).toBe('SHA-256(00 + d)');
		const d = Uint8Array.of(7);
		expect(merkleRoot([d])).toBe(sha256Hash(Uint8Array.of(0), d));
		expect(more).toMatch(/^SHA-256\(01 \+ /);
		const leaf = sha256(Uint8Array.of(0), d);
		expect(merkleRoot([d, d])).toBe(sha256Hash(Uint8Array.of(1), leaf, leaf));
	});

	it('has the rules for headers in the order in which they are applied', () => {
		const parent: Header = { ...HEADER, timestamp: 1_000, target: 2n ** 255n };
		const parentHash = sha256Hash(Uint8Array.of(1));
		const rules = { blockInterval: 1_000, initialDifficulty: 1 };
		const good: Header = { ...parent, height: 3, previousHash: parentHash, timestamp: 2_000 };
		const target = nextTarget(rules, parent, undefined);
		// How each row is broken; a header that breaks all from one row on must be refused with that row's code.
		const broken: readonly (readonly [rule: string, break_: (context: HeaderContext) => HeaderContext])[] = [
			['version is 1', withHeader({ version: 2 })],
			["previousHash is the parent's hash", withHeader({ previousHash: ZERO_HASH })],
			["height is the parent's plus 1", withHeader({ height: 9 })],
			['target is the one that follows from the chain', withHeader({ target: target - 1n })],
			['hash ≤ target', (context) => ({ ...context, hash: 'ff'.repeat(32) as HeaderContext['hash'] })],
			["timestamp > the parent's", withHeader({ timestamp: 1_000 })],
			["timestamp ≤ this node's clock + 60,000 ms", (context) => ({ ...context, now: -MAX_FUTURE_MS })]
		];
		const rows = spec.table('Rules for a header');
		expect(rows.map(([rule]) => rule)).toEqual(broken.map(([rule]) => rule));
		const context = { header: { ...good, target }, hash: ZERO_HASH, parent, parentHash, rules, now: 0 };
		const whole: HeaderContext = { ...context, grandparent: undefined };
		expect(refusalOf(() => checkHeader(whole))).toBeUndefined();
		rows.forEach(([rule, code], first) => {
			const worse = broken.slice(first).reduce((judged, [, break_]) => break_(judged), whole);
			expect(
				refusalOf(() => checkHeader(worse)),
				rule
			).toBe(code);
		});
	});

	function withHeader(changes: Partial<Header>) {
		return (context: HeaderContext): HeaderContext => ({ ...context, header: { ...context.header, ...changes } });
	}

	it('has the numbers of the difficulty rule', () => {
		expect(spec.text).toContain(`The window N is ${WINDOW} blocks.`);
		expect(spec.text).toContain('maxTarget = min(2^256 − 1, 2^256 / d)');
		expect(maxTargetOf(1)).toBe(2n ** 256n - 1n);
		expect(maxTargetOf(3)).toBe(2n ** 256n / 3n);
		expect(spec.text).toContain(`−1/${WINDOW} downwards`);
	});

	it('has locators as they are', () => {
		for (const [tip, heights] of spec.table('Locators')) {
			const chain = chainOn(genesis, Number(tip), 'block');
			const tree = treeOf(chain);
			const locator = locatorOf(entryOf(tree, chain.at(-1) ?? genesis));
			expect(locator.map((hash) => tree.get(hash)?.header.height).join(', ')).toBe(heights);
		}
	});

	it('has every limit', () => {
		const limits = {
			HEADER_LENGTH,
			WORK_MESSAGE_LENGTH,
			WINDOW,
			MAX_FUTURE_MS,
			MAX_LOCATOR_LENGTH,
			MAX_INVALID_HASHES
		};
		const stated = spec.table('Limits').map(([, value, name]) => [name, numberIn(value ?? '')]);
		expect(Object.fromEntries(stated)).toEqual(limits);
	});
});
