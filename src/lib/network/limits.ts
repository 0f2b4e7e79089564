/** Links of one node, inbound and outbound together. */
export const MAX_CONNECTIONS = 12;

/** How long a link may take to open, whichever side dialled. */
export const OPEN_TIMEOUT_MS = 8_000;

/** The largest piece we send. */
export const MAX_SENT_PIECE_BYTES = 16 * 1024;

/** The largest piece we take: a little more, so that a peer's own framing of a full piece is not a violation. */
export const MAX_RECEIVED_PIECE_BYTES = MAX_SENT_PIECE_BYTES + 256;

/** At most this much is handed to the channel ahead of the network; the rest waits in our own queue. */
export const LOW_WATER_BYTES = 256 * 1024;

/** A peer that lets more than this pile up is not reading. */
export const MAX_QUEUED_BYTES = 4 * 1024 * 1024;

/** How long a closing link may take to send what is queued. */
export const FLUSH_TIMEOUT_MS = 2_000;

/** Waiting times between attempts to reach the signalling server. */
export const SIGNALLING_BACKOFF_MS = { first: 2_000, longest: 60_000 } as const;

/** How long a registration with the signalling server may take to be confirmed. */
export const REGISTRATION_TIMEOUT_MS = 8_000;
