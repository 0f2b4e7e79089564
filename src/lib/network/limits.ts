/** Links of one node, inbound and outbound together, unless the node says otherwise. */
export const MAX_CONNECTIONS = 14;

/**
 * How many connections a page makes: dials of its own, and offers of others. Chromium (156, measured) refuses a page its 501st
 * RTCPeerConnection, and counts a closed one until the garbage of the whole page is collected. That frees all of them, but nothing
 * brings it about: an idle page that made and closed two a second had 466 of 540 left after four and a half minutes, at ten a
 * second it was refused after 96 s, and a page that made 5 MB of short-lived garbage a second after 60 s, though all but two of the
 * JavaScript objects were gone. So the budget is for the life of a page: both bursts together are half of what there is, and what
 * is added takes an hour and a half to use up the other half, in which a page that works does collect its garbage.
 */
export const DIALS = { burst: 100, everyMs: 60_000 } as const;
export const OFFERS = { burst: 150, everyMs: 30_000 } as const;
/** Dials that the node does not spend by itself. */
export const RESERVED_DIALS = 40;
/** Offers of one peer. */
export const OFFERS_OF_ONE = { burst: 8, everyMs: 60_000 } as const;
/** So many peers that made offers are remembered. */
export const MAX_OFFERERS = 500;
/** Answers to offers that are refused before there is a connection. */
export const REFUSALS = { burst: 20, everyMs: 1_000 } as const;

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
