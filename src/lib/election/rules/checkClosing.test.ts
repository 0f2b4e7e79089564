import { describe, expect, it } from 'vitest';
import type { BlockHash } from '../../bytes/hash';
import { refusalOf } from '../../bytes/testing/refusalOf';
import { sampleCommitment } from '../testing/samples';
import type { Closing } from '../transaction';
import { checkClosing, type ClosingContext } from './checkClosing';

/** Block n has hash n; the opening stands in block 2, the tip is block 5. */
const context: ClosingContext = {
	isFrozen: true,
	isClosed: false,
	openedAtHeight: 2,
	blockHashAt: (height) => (height <= 5 ? sampleCommitment(height) : undefined)
};

function closing(height: number, blockHash: BlockHash = sampleCommitment(height)): Closing {
	return { kind: 'closing', height, blockHash, signature: new Uint8Array(64) };
}

function refusal(changes: Partial<ClosingContext>, transaction: Closing) {
	return refusalOf(() => checkClosing({ ...context, ...changes }, transaction));
}

describe('checkClosing', () => {
	it('accepts any block of this chain from the opening to the tip', () => {
		for (const height of [2, 3, 4, 5]) expect(refusal({}, closing(height))).toBeUndefined();
		expect(refusal({ openedAtHeight: 0 }, closing(0))).toBeUndefined();
	});

	it('refuses before the opening', () => {
		expect(refusal({ isFrozen: false, openedAtHeight: 0 }, closing(5))).toBe('poll-not-open');
	});

	it('refuses a second one', () => {
		expect(refusal({ isClosed: true }, closing(5))).toBe('already-closed');
	});

	it('refuses a block above the tip: there is none', () => {
		expect(refusal({}, closing(6))).toBe('unknown-block');
		expect(refusal({}, closing(2 ** 32 - 1))).toBe('unknown-block');
	});

	it('refuses a block of another chain, and one that stands at another height', () => {
		expect(refusal({}, closing(4, 'ab'.repeat(32) as BlockHash))).toBe('unknown-block');
		expect(refusal({}, closing(4, sampleCommitment(3)))).toBe('unknown-block');
	});

	it('refuses a block below the opening, where no ballot can stand', () => {
		expect(refusal({}, closing(1))).toBe('unknown-block');
		expect(refusal({}, closing(0))).toBe('unknown-block');
	});

	it('names the first rule that is broken', () => {
		expect(refusal({ isFrozen: false, isClosed: true }, closing(9))).toBe('poll-not-open');
		expect(refusal({ isClosed: true }, closing(9))).toBe('already-closed');
	});
});
