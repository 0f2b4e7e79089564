/**
 * Every refusal in Pollen is a {@link PollenError} with one of these codes, so that the interface can explain it in
 * plain words and a peer's mistake can be told from a peer's attack. Codes are part of the console interface.
 */
export const ERROR_CODES = [
	// What a voter can get wrong.
	'unknown-voter',
	'mistyped-code',
	'wrong-code',
	'already-enrolled',
	'enrolled-elsewhere',
	'not-enrolled',
	'enrolment-closed',
	'no-enrolment',
	'already-voted',
	'no-choice',
	'unknown-option',
	'poll-not-open',
	'poll-closed',
	// What a ballot, block or definition can have wrong.
	'bad-encoding',
	'bad-definition',
	'bad-proof',
	'bad-signature',
	'bad-work',
	'bad-target',
	'bad-time',
	'bad-height',
	'bad-merkle-root',
	'duplicate-nullifier',
	'duplicate-commitment',
	'bad-group',
	'group-too-small',
	'already-open',
	'already-closed',
	'unknown-block',
	'oversized',
	'unknown-parent',
	'invalid-parent',
	'future-time',
	// What a peer or the network can get wrong.
	'bad-frame',
	'bad-message',
	'unexpected-message',
	'flood',
	'other-election',
	'other-protocol',
	'unknown-peer',
	'self-link',
	'already-linked',
	'too-many-peers',
	'too-many-dials',
	'peer-timeout',
	'link-lost',
	'signalling-unreachable',
	'unlinked',
	// What this device can lack.
	'insecure-context',
	'storage-full',
	'storage-failed',
	'artifact-corrupt',
	'artifact-unreachable',
	'worker-failed',
	'aborted',
	'no-election',
	'not-organiser',
	// What a file can have wrong.
	'bad-roll',
	'bad-record',
	'bad-receipt',
	'bad-backup'
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error with a code. `message` is for developers; the interface has its own words for each code. */
export class PollenError extends Error {
	override readonly name = 'PollenError';

	constructor(
		readonly code: ErrorCode,
		message: string = code,
		options?: ErrorOptions
	) {
		super(message, options);
	}
}

/** The code of any thrown value; values that are not ours count as `fallback`. */
export function errorCode(error: unknown, fallback: ErrorCode): ErrorCode {
	return error instanceof PollenError ? error.code : fallback;
}

/** Whether a refusal is about this device rather than about what was offered to it. */
export function isOwnFault(code: ErrorCode): boolean {
	return code === 'storage-full' || code === 'storage-failed' || code === 'worker-failed';
}
