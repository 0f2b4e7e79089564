import type { Nullifier } from '../bytes/hash';
import type { ElectionState } from '../election/state';
import { ballotKey } from '../election/transaction';
import type { BallotPlace } from './api';
import type { LedgerCore } from './ledgerCore';
import { CONFIRMATIONS } from './limits';
import type { ReceiptCodes } from './receiptCodes';

/** Blocks on top of a height, that block included. */
export function depthOf(state: Pick<ElectionState, 'height'>, height: number): number {
	return state.height - height + 1;
}

/** Whether the chain's closing is so deep that nothing short of a stronger closed chain can change what it counts. */
export function isFinal(state: ElectionState): boolean {
	return state.closing !== undefined && depthOf(state, state.closing.height) >= CONFIRMATIONS;
}

/**
 * Where the ballot with a nullifier is; undefined when neither the chain nor the pending ballots have one.
 * @param own choices of the ballot that was cast on this device, if one was: a credential has one vote, and another device may
 * have used it
 * @param holders how many peers are known to hold a transaction
 */
export function placeOf(
	{ state, mempool }: Pick<LedgerCore, 'state' | 'mempool'>,
	nullifier: Nullifier,
	own: readonly number[] | undefined,
	holders: (id: Parameters<LedgerCore['mempool']['get']>[0]) => number
): BallotPlace | undefined {
	const counted = state.ballots.get(nullifier);
	if (counted) {
		const { height, blockHash, choices } = counted;
		if (own && own.join() !== choices.join()) return { at: 'replaced', choices, height };
		return { at: 'block', height, blockHash, confirmations: depthOf(state, height), isFinal: isFinal(state) };
	}
	if (state.lateBallots.has(nullifier)) return { at: 'late' };
	const pending = mempool.withKey(ballotKey(nullifier));
	if (pending && state.isClosed) return { at: 'late' };
	return pending && { at: 'pending', peers: holders(pending.id) };
}

/** The nullifier of the ballot that has this receipt code, on the chain or pending. */
export function findByReceiptCode(
	{ state, mempool }: Pick<LedgerCore, 'state' | 'mempool'>,
	codes: ReceiptCodes,
	code: string
): Nullifier | undefined {
	const pending = mempool
		.all()
		.flatMap(({ transaction }) => (transaction.kind === 'ballot' ? [transaction.nullifier] : []));
	const nullifiers = [...state.ballots.keys(), ...state.lateBallots.keys(), ...pending];
	return nullifiers.find((nullifier) => codes.of(nullifier) === code);
}
