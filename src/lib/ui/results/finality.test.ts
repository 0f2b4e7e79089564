import { describe, expect, it } from 'vitest';
import type { BlockHash, TransactionId } from '../../bytes/hash';
import type { ClosingView, NodeSnapshot, SignedClosing } from '../../node/api';
import { contradictions, finalityOf, finalityText, lateText } from './finality';

type Snapshot = Pick<NodeSnapshot, 'phase' | 'height' | 'closing' | 'pending'>;

function snapshot(changes: Partial<Snapshot>): Snapshot {
	return { phase: 'open', height: 10, closing: undefined, pending: [], ...changes };
}

function closing(height: number, lateBallots = 0): ClosingView {
	return { height, timestamp: 1, countedHeight: height - 1, countedHash: 'c'.repeat(64) as BlockHash, lateBallots };
}

function signed(block: string, isOnChain: boolean): SignedClosing {
	return { id: block as TransactionId, countedHeight: 4, countedHash: block as BlockHash, isOnChain };
}

const CLOSING_PENDING = [{ id: 'x' as TransactionId, kind: 'closing', countedHeight: 10 }] as const;

describe('finalityOf', () => {
	it.each(['enrolment', 'before'] as const)('has nothing to judge in phase %s', (phase) => {
		expect(finalityOf(snapshot({ phase }), [])).toEqual({ kind: 'early' });
	});

	it('is not final while the poll is open', () => {
		const finality = finalityOf(snapshot({}), []);
		expect(finality).toEqual({ kind: 'open', closingWaits: false });
		expect(finalityText(finality).verdict).toBe('Not final');
	});

	it('counts the blocks on top of the last ballot where only the time has closed the poll', () => {
		const finality = finalityOf(snapshot({ phase: 'closed' }), [{ height: 2 }, { height: 7 }]);
		expect(finality).toEqual({ kind: 'by-time', blocksOnTop: 3, closingWaits: false });
		expect(finalityText(finality).why).toMatch(/3 blocks.*stronger chain/);
	});

	it('says when a closing waits to be recorded', () => {
		const open = finalityOf(snapshot({ pending: CLOSING_PENDING }), []);
		const timed = finalityOf(snapshot({ pending: CLOSING_PENDING, phase: 'closed' }), []);
		for (const finality of [open, timed]) expect(finalityText(finality).why).toMatch(/waits to be recorded/);
	});

	it('is final by a closing six blocks deep, not before', () => {
		const almost = finalityOf(snapshot({ phase: 'closed', height: 12, closing: closing(8) }), []);
		expect(almost).toMatchObject({ kind: 'by-closing', height: 8, confirmations: 5, isFinal: false });
		expect(finalityText(almost).verdict).toBe('Almost final');
		const final = finalityOf(snapshot({ phase: 'closed', height: 13, closing: closing(8) }), []);
		expect(final).toMatchObject({ confirmations: 6, isFinal: true });
		expect(finalityText(final)).toMatchObject({ verdict: 'Final', why: expect.stringContaining('block 8') });
	});
});

describe('lateText', () => {
	it('speaks only of ballots that came too late', () => {
		const of = (late: number) => lateText(finalityOf(snapshot({ phase: 'closed', closing: closing(8, late) }), []));
		expect(of(0)).toBeUndefined();
		expect(of(2)).toMatch(/^2 ballots were recorded after block 7.*Not counted/);
		expect(lateText({ kind: 'open', closingWaits: false })).toBeUndefined();
	});
});

describe('contradictions', () => {
	it('shows two closings that name different blocks', () => {
		expect(contradictions([signed('a', true), signed('b', false)])).toHaveLength(2);
	});

	it('says nothing of one closing, however often it was signed', () => {
		expect(contradictions([])).toEqual([]);
		expect(contradictions([signed('a', false), signed('a', true)])).toEqual([]);
	});

	it('prefers the copy that is on the chain', () => {
		expect(contradictions([signed('a', true), signed('a', false), signed('b', false)])[0]?.isOnChain).toBe(true);
	});
});
