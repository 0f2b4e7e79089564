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

/** Refusals of a pending transaction that follow from this node's clock, chain or mempool. */
const HONEST: ReadonlySet<ErrorCode> = new Set([
	'poll-not-open',
	'poll-closed',
	'duplicate-nullifier',
	'enrolment-closed',
	'already-enrolled',
	'duplicate-commitment',
	'bad-group',
	'group-too-small',
	'already-open',
	'already-closed',
	'unknown-block'
]);

/** A pending transaction is judged by this node's clock, chain and mempool, from which an honest sender's may differ. */
export function transactionDisposition(code: ErrorCode): Disposition {
	return HONEST.has(code) || isOwnFault(code) ? 'ignore' : 'reject';
}
