import { describe, expect, it } from 'vitest';
import { ZERO_HASH, type Hash } from '../bytes/hash';
import { refusalOf } from '../bytes/testing/refusalOf';
import { checkHeader, MAX_FUTURE_MS, type HeaderContext } from './checkHeader';
import { maxTargetOf, nextTarget } from './difficulty';
import { encodeHeader, type Header } from './header';
import { workHashSync } from './work';

const rules = { blockInterval: 5_000, initialDifficulty: 2 };
const NOW = 1_767_225_600_000;

const genesis: Header = {
	nonce: 0n,
	version: 1,
	height: 0,
	previousHash: ZERO_HASH,
	merkleRoot: ZERO_HASH,
	timestamp: 0,
	target: maxTargetOf(rules.initialDifficulty)
};

/** A header that follows all rules: its nonce is searched, which takes two tries on average. */
function mined(parent: Header, grandparent: Header | undefined, timestamp: number): Header {
	const template: Header = {
		nonce: 0n,
		version: 1,
		height: parent.height + 1,
		previousHash: hashOf(parent),
		merkleRoot: ZERO_HASH,
		timestamp,
		target: nextTarget(rules, parent, grandparent)
	};
	for (let nonce = 0n; ; nonce++) {
		const header = { ...template, nonce };
		if (BigInt(`0x${hashOf(header)}`) <= header.target) return header;
	}
}

function hashOf(header: Header): Hash {
	return workHashSync(encodeHeader(header));
}

const first = mined(genesis, undefined, NOW - 20_000);
const second = mined(first, genesis, NOW - 19_000);
const third = mined(second, first, NOW);

const valid: HeaderContext = {
	header: third,
	hash: hashOf(third),
	parent: second,
	parentHash: hashOf(second),
	grandparent: first,
	rules,
	now: NOW
};

const HIGHEST = 'f'.repeat(64) as Hash;
const refusal = (change: Partial<HeaderContext>) => refusalOf(() => checkHeader({ ...valid, ...change }));
const refusalOfHeader = (change: Partial<Header>, rest: Partial<HeaderContext> = {}) =>
	refusal({ header: { ...third, ...change }, ...rest });

describe('checkHeader', () => {
	it('accepts headers that follow all rules', () => {
		expect(refusal({})).toBeUndefined();
		expect(
			refusal({
				header: first,
				hash: hashOf(first),
				parent: genesis,
				parentHash: hashOf(genesis),
				grandparent: undefined
			})
		).toBeUndefined();
	});

	it('refuses another version', () => {
		expect(refusalOfHeader({ version: 0 })).toBe('bad-encoding');
		expect(refusalOfHeader({ version: 2 })).toBe('bad-encoding');
	});

	it('refuses another parent', () => {
		expect(refusal({ parentHash: hashOf(first) })).toBe('unknown-parent');
		expect(refusalOfHeader({ previousHash: ZERO_HASH })).toBe('unknown-parent');
	});

	it('refuses a height that does not follow', () => {
		for (const height of [0, 2, 4]) expect(refusalOfHeader({ height })).toBe('bad-height');
	});

	it('refuses every target but the one that follows', () => {
		for (const target of [third.target + 1n, third.target - 1n, genesis.target]) {
			expect(refusalOfHeader({ target })).toBe('bad-target');
		}
		// The target follows from the parent's solve time, so it depends on the grandparent.
		expect(refusal({ grandparent: { ...first, timestamp: first.timestamp - 1 } })).toBe('bad-target');
	});

	it('refuses a hash above the target, and accepts one equal to it', () => {
		const asHash = (value: bigint) => value.toString(16).padStart(64, '0') as Hash;
		expect(refusal({ hash: asHash(third.target) })).toBeUndefined();
		expect(refusal({ hash: asHash(third.target + 1n) })).toBe('bad-work');
	});

	it('refuses a timestamp that is not later than the parent', () => {
		expect(refusalOfHeader({ timestamp: second.timestamp })).toBe('bad-time');
		expect(refusalOfHeader({ timestamp: second.timestamp - 1 })).toBe('bad-time');
		expect(refusalOfHeader({ timestamp: second.timestamp + 1 })).toBeUndefined();
	});

	it('defers a timestamp more than a minute ahead of the clock', () => {
		expect(refusal({ now: NOW - MAX_FUTURE_MS })).toBeUndefined();
		expect(refusal({ now: NOW - MAX_FUTURE_MS - 1 })).toBe('future-time');
	});

	it('does not let a timestamp choose its own target', () => {
		for (const timestamp of [second.timestamp + 1, NOW, NOW + MAX_FUTURE_MS]) {
			expect(refusalOfHeader({ timestamp })).toBeUndefined();
		}
	});

	it('names the first rule that is broken, and the clock only when nothing else is', () => {
		const all = { version: 2, previousHash: HIGHEST, height: 9, target: 1n, timestamp: NOW + 2 * MAX_FUTURE_MS };
		expect(refusalOfHeader(all, { hash: HIGHEST })).toBe('bad-encoding');
		expect(refusalOfHeader({ ...all, version: 1 }, { hash: HIGHEST })).toBe('unknown-parent');
		const linked = { ...all, version: 1, previousHash: third.previousHash };
		expect(refusalOfHeader(linked, { hash: HIGHEST })).toBe('bad-height');
		expect(refusalOfHeader({ ...linked, height: 3 }, { hash: HIGHEST })).toBe('bad-target');
		const timestamp = all.timestamp;
		expect(refusalOfHeader({ timestamp }, { hash: HIGHEST })).toBe('bad-work');
		expect(refusalOfHeader({ timestamp: 0 }, { now: -2 * MAX_FUTURE_MS })).toBe('bad-time');
		expect(refusalOfHeader({ timestamp })).toBe('future-time');
	});
});
