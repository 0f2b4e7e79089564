import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/vectors/difficulty.json';
import { ZERO_HASH } from '../bytes/hash';
import { refusalOf } from '../bytes/testing/refusalOf';
import { maxTargetOf, nextTarget, WINDOW } from './difficulty';
import type { Header } from './header';

const headerAt = (timestamp: number, target: bigint): Header => ({
	nonce: 0n,
	version: 1,
	height: 1,
	previousHash: ZERO_HASH,
	merkleRoot: ZERO_HASH,
	timestamp,
	target
});

const someCase = fc
	.record({
		blockInterval: fc.integer({ min: 1, max: 86_400_000 }),
		initialDifficulty: fc.integer({ min: 1, max: 2 ** 40 }),
		start: fc.nat(2 ** 45)
	})
	.chain(({ blockInterval, initialDifficulty, start }) =>
		fc.record({
			rules: fc.constant({ blockInterval, initialDifficulty }),
			start: fc.constant(start),
			target: fc.bigInt({ min: 1n, max: maxTargetOf(initialDifficulty) }),
			solveTime: fc.oneof(
				fc.integer({ min: 1, max: 3 * blockInterval }),
				fc.integer({ min: 1, max: 2 ** 45 }),
				fc.constant(blockInterval)
			)
		})
	);

describe('maxTargetOf', () => {
	it.each(vectors.maxTargets)('golden: difficulty $initialDifficulty', ({ initialDifficulty, maxTarget }) => {
		expect(maxTargetOf(initialDifficulty)).toBe(BigInt(`0x${maxTarget}`));
	});

	it.each([0, -1, 0.5, NaN, Infinity])('refuses difficulty %d', (difficulty) => {
		expect(refusalOf(() => maxTargetOf(difficulty))).toBe('bad-definition');
	});
});

describe('nextTarget', () => {
	it.each(vectors.cases)('golden: $name', (vector) => {
		const { blockInterval, initialDifficulty, parentTimestamp, grandparentTimestamp } = vector;
		const target = BigInt(`0x${vector.parentTarget}`);
		const parent = headerAt(parentTimestamp, target);
		const grandparent = grandparentTimestamp === null ? undefined : headerAt(grandparentTimestamp, 1n);
		const next = nextTarget({ blockInterval, initialDifficulty }, parent, grandparent);
		expect(next).toBe(BigInt(`0x${vector.next}`));
	});

	it('stays in 1 to the easiest target', () => {
		fc.assert(
			fc.property(someCase, ({ rules, start, target, solveTime }) => {
				const next = nextTarget(rules, headerAt(start + solveTime, target), headerAt(start, target));
				expect(next).toBeGreaterThanOrEqual(1n);
				expect(next).toBeLessThanOrEqual(maxTargetOf(rules.initialDifficulty));
			})
		);
	});

	it('never gets easier after a fast block, nor harder after a slow one, and stays after one on time', () => {
		fc.assert(
			fc.property(someCase, ({ rules, start, target, solveTime }) => {
				const next = nextTarget(rules, headerAt(start + solveTime, target), headerAt(start, target));
				if (solveTime < rules.blockInterval) expect(next).toBeLessThanOrEqual(target);
				if (solveTime > rules.blockInterval) expect(next).toBeGreaterThanOrEqual(target);
				if (solveTime === rules.blockInterval) expect(next).toBe(target);
			})
		);
	});

	it('moves at all when the target is large enough for its integer arithmetic, and has room', () => {
		fc.assert(
			fc.property(someCase, ({ rules, start, target, solveTime }) => {
				const maxTarget = maxTargetOf(rules.initialDifficulty);
				fc.pre(solveTime !== rules.blockInterval && target > BigInt(rules.blockInterval * WINDOW));
				fc.pre(target < maxTarget);
				const next = nextTarget(rules, headerAt(start + solveTime, target), headerAt(start, target));
				expect(next > target).toBe(solveTime > rules.blockInterval);
			})
		);
	});

	it('gets easier, or stays, with every millisecond more', () => {
		fc.assert(
			fc.property(someCase, fc.nat(10_000_000), ({ rules, start, target, solveTime }, more) => {
				const after = (time: number) => nextTarget(rules, headerAt(start + time, target), headerAt(start, target));
				expect(after(solveTime + more)).toBeGreaterThanOrEqual(after(solveTime));
			})
		);
	});

	it('falls by no more than a 20th a block', () => {
		fc.assert(
			fc.property(someCase, ({ rules, start, target }) => {
				const next = nextTarget(rules, headerAt(start + 1, target), headerAt(start, target));
				expect(next).toBeGreaterThanOrEqual((target * 19n) / 20n);
			})
		);
	});

	it('carries the genesis target to the block after it', () => {
		fc.assert(
			fc.property(someCase, ({ rules, target }) => {
				expect(nextTarget(rules, headerAt(0, target), undefined)).toBe(target);
			})
		);
	});

	it('looks at nothing of the parents but their timestamps and the parent target', () => {
		fc.assert(
			fc.property(someCase, fc.nat(1000), ({ rules, start, target, solveTime }, other) => {
				const parent = headerAt(start + solveTime, target);
				const grandparent = headerAt(start, target);
				expect(
					nextTarget(rules, { ...parent, height: other, nonce: BigInt(other) }, { ...grandparent, target: 7n })
				).toBe(nextTarget(rules, parent, grandparent));
			})
		);
	});

	it('finds the target for a steady hash rate, and finds it again after an idle night', () => {
		const rules = { blockInterval: 5_000, initialDifficulty: 20_000 };
		const hashesPerMs = 80;
		const ideal = 2n ** 256n / BigInt(hashesPerMs * rules.blockInterval);
		const mine = (blocks: number, idleMs: number, from: Header): Header => {
			let grandparent = from;
			let parent = headerAt(from.timestamp + idleMs, from.target);
			for (let i = 0; i < blocks; i++) {
				const target = nextTarget(rules, parent, grandparent);
				const solveTime = Math.max(1, Number(2n ** 256n / target) / hashesPerMs);
				grandparent = parent;
				parent = headerAt(parent.timestamp + Math.round(solveTime), target);
			}
			return parent;
		};
		const isNearIdeal = ({ target }: Header) => target > (ideal * 9n) / 10n && target < (ideal * 11n) / 10n;
		const evening = mine(200, 250, headerAt(0, maxTargetOf(rules.initialDifficulty)));
		expect(isNearIdeal(evening)).toBe(true);
		const atDawn = mine(1, 8 * 3_600_000, evening);
		expect(atDawn.target).toBe(maxTargetOf(rules.initialDifficulty));
		// N · ln(20) is about 60 blocks; the rest is for the last few percent.
		expect(isNearIdeal(mine(120, 8 * 3_600_000, evening))).toBe(true);
	});

	it('refuses an interval that is no positive integer', () => {
		const parent = headerAt(1, 1n);
		for (const blockInterval of [0, -5, 0.5, NaN]) {
			expect(refusalOf(() => nextTarget({ blockInterval, initialDifficulty: 1 }, parent, undefined))).toBe(
				'bad-definition'
			);
		}
	});
});
