import type { BlockHash } from '../../bytes/hash';
import type { BallotView, NodeSnapshot, SignedClosing } from '../../node/api';
import { CONFIRMATIONS } from '../../node/limits';
import { count, formatNumber } from '../format';

/** Whether a count can still change, and by what. */
export type Finality =
	| { readonly kind: 'early' }
	/** More ballots can come. `closingWaits`: a closing is signed, but on no block yet. */
	| { readonly kind: 'open'; readonly closingWaits: boolean }
	/** Closed by the election's own time alone. `blocksOnTop` of the last counted ballot. */
	| { readonly kind: 'by-time'; readonly blocksOnTop: number; readonly closingWaits: boolean }
	/** Closed by the organiser's signed closing. */
	| {
			readonly kind: 'by-closing';
			readonly height: number;
			/** Blocks on top of the closing's, its own included. */
			readonly confirmations: number;
			readonly countedHeight: number;
			readonly lateBallots: number;
			readonly isFinal: boolean;
	  };

type Closable = Pick<NodeSnapshot, 'phase' | 'height' | 'closing' | 'pending'>;

/** @param ballots that count, in chain order */
export function finalityOf(
	{ phase, height, closing, pending }: Closable,
	ballots: readonly Pick<BallotView, 'height'>[]
): Finality {
	if (closing) {
		const confirmations = height - closing.height + 1;
		const { countedHeight, lateBallots } = closing;
		const isFinal = confirmations >= CONFIRMATIONS;
		return { kind: 'by-closing', height: closing.height, confirmations, countedHeight, lateBallots, isFinal };
	}
	const closingWaits = pending.some(({ kind }) => kind === 'closing');
	if (phase === 'closed') {
		return { kind: 'by-time', blocksOnTop: height - (ballots.at(-1)?.height ?? 0), closingWaits };
	}
	return phase === 'open' ? { kind: 'open', closingWaits } : { kind: 'early' };
}

/** In a word or two, and why. */
export function finalityText(finality: Finality): { readonly verdict: string; readonly why: string } {
	switch (finality.kind) {
		case 'early':
			return { verdict: 'Not begun', why: 'The poll is not open yet, so there is nothing to count.' };
		case 'open':
			return { verdict: 'Not final', why: `The poll is open, and more ballots may come.${waiting(finality)}` };
		case 'by-time':
			return {
				verdict: 'Not final',
				why: `The time for voting is over, and ${blocks(finality.blocksOnTop)} on top of the last ballot. But the organiser has not closed the poll with a signature, so a stronger chain could still replace this one.${waiting(finality)}`
			};
		case 'by-closing':
			return finality.isFinal
				? { verdict: 'Final', why: `${closedIn(finality)} It decides which ballots count.` }
				: {
						verdict: 'Almost final',
						why: `${closedIn(finality)} At ${CONFIRMATIONS} deep the result counts as final.`
					};
	}
}

/** What the ballots that came too late are said to be; nothing when there are none. */
export function lateText(finality: Finality): string | undefined {
	if (finality.kind !== 'by-closing' || finality.lateBallots === 0) return undefined;
	const late = count(finality.lateBallots, 'ballot was', 'ballots were');
	return `${late} recorded after block ${formatNumber(finality.countedHeight)}, the last that the closing counts. Not counted.`;
}

/** Signed closings that name different blocks, if the organiser signed more than one; otherwise none. */
export function contradictions(closings: readonly SignedClosing[]): SignedClosing[] {
	const byBlock = new Map<BlockHash, SignedClosing>();
	for (const closing of closings) {
		const known = byBlock.get(closing.countedHash);
		if (known === undefined || closing.isOnChain) byBlock.set(closing.countedHash, closing);
	}
	return byBlock.size > 1 ? [...byBlock.values()] : [];
}

function blocks(number: number): string {
	return count(number, 'block is', 'blocks are');
}

function waiting({ closingWaits }: { readonly closingWaits: boolean }): string {
	return closingWaits ? ' The organiser has signed the closing; it waits to be recorded.' : '';
}

function closedIn({ height, confirmations }: Extract<Finality, { kind: 'by-closing' }>): string {
	return `The organiser’s signed closing is recorded in block ${formatNumber(height)}, ${formatNumber(confirmations)} deep.`;
}
