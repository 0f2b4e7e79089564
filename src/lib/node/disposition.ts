import { isOwnFault, type ErrorCode } from '../errors/pollenError';

/**
 * What a refusal says about the peer that sent the refused thing. `reject`: it broke the protocol, is disconnected and
 * remembered. `defer`: it may be right later. `ignore`: honest peers do that too.
 */
export type Disposition = 'ignore' | 'defer' | 'reject';

/** Judges the sender of a refused header or block, by nothing that can differ between honest nodes but their clocks. */
export function blockDisposition(code: ErrorCode): Disposition {
	if (isOwnFault(code)) return 'ignore';
	return code === 'future-time' || code === 'unknown-parent' ? 'defer' : 'reject';
}

/** A pending ballot is judged by this node's clock and mempool, from which an honest sender's may differ. */
export function transactionDisposition(code: ErrorCode): Disposition {
	const honest = code === 'duplicate-nullifier' || code === 'poll-not-open' || code === 'poll-closed';
	return honest || isOwnFault(code) ? 'ignore' : 'reject';
}
