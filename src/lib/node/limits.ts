/** Limits of a node's behaviour; those of the wire are in wire/limits.ts. */

/** Links in all, and links that this node dials because it heard of the peer from others. */
export const MAX_LINKS = 12;
export const MAX_GOSSIP_DIALS = 4;
/** A peer has this long for its hello. */
export const HELLO_MS = 8_000;
/** While it waits for it, the side that dialled says its own again. */
export const HELLO_REPEAT_MS = 2_000;
export const PING_INTERVAL_MS = 20_000;
export const PONG_MS = 10_000;
/** Backoff of a lost link: doubles from the first to the last, with jitter. */
export const RETRY_FIRST_MS = 2_000;
export const RETRY_LAST_MS = 600_000;
/** A peer ID that the signalling server does not know is given up after so many tries: IDs change at each start. */
export const MAX_UNKNOWN_TRIES = 5;
/** Peers that are remembered for the next start. */
export const MAX_WORTH_DIALLING = 32;
/** So many peers that broke the protocol, or were unlinked, are remembered while the node runs. */
export const MAX_REMEMBERED = 1_000;
/** Transactions that a peer is known to have, so that they are not announced to it. */
export const MAX_KNOWN_PER_PEER = 20_000;

/** Bytes, and messages, of one peer that were received and are not dealt with yet. An honest peer sends less than it is asked for. */
export const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;
export const MAX_BACKLOG_MESSAGES = 2_000;
/** Of these bytes, as much is left to bodies; the rest is for transactions and headers. */
export const MAX_BODY_BACKLOG_BYTES = 6 * 1024 * 1024;
/** So many more answers than it was asked for may come from a peer: some are late, some come twice. */
export const MAX_UNASKED = 100;

/** A chain of headers is kept if it has the work that ours had so many blocks ago; forks are hardly ever deeper. */
export const KEPT_FORK_BLOCKS = 144;
/** Headers on one branch that are kept before their bodies are here. */
export const MAX_HEADERS_AHEAD = 5_000;
/** Headers of a chain that are looked at without keeping them, to see whether it comes to beat ours, and the time for it. */
export const MAX_WALKED_HEADERS = 1_000_000;
export const MAX_WALK_MS = 300_000;
/** After a walk that came to nothing, the peer's chain is not walked again for so long, unless it claims to have more work. */
export const WALK_PAUSE_MS = 60_000;

/** Bodies requested from one peer at a time; equals what one getBlocks may ask. */
export const BODIES_IN_FLIGHT = 16;
/** A peer that wants more bodies than this at once asks faster than it takes. */
export const MAX_BODIES_OWED = 64;
/** Bodies that a peer was asked for, in time or not, and may still deliver. */
export const MAX_BODIES_EXPECTED = 64;
/** Blocks that wait for their ancestors, whose senders are remembered in case they turn out to be invalid. */
export const MAX_UNJUDGED = 1_000;
/** How far ahead of the first missing body others are requested. */
export const BODY_WINDOW = 256;
/**
 * So many ballots for another group, for each voter enrolled, are forgiven a peer that may follow another opening: it holds one
 * of each at most, and is asked for them a few times.
 */
export const MISFITS_PER_VOTER = 4;
export const HEADERS_TIMEOUT_MS = 10_000;
/** A peer of which bodies are wanted delivers at least one in this time. */
export const BODY_TIMEOUT_MS = 10_000;
/** A header that is ahead of our clock is asked for again when it is due, but not later than this. */
export const MAX_DUE_MS = 600_000;
/** A peer that let so many requests run out of time, without answering one in between, is dropped. */
export const MAX_STALLS = 3;
/** After this device, or its miner, failed to do its part, it waits this long before it tries again. */
export const PAUSE_MS = 10_000;

/** Proofs and signatures that are known to hold, and groups whose root is known. */
export const MAX_VERDICTS = 50_000;
export const MAX_ROOTS = 8;
/** Closings that are noted. An organiser who signs more than this has made the point. */
export const MAX_CLOSINGS = 8;

/** A node mines until the last transaction is this deep. */
export const CONFIRMATIONS = 6;
/** A template's time is renewed so often while its nonce is searched. */
export const TEMPLATE_REFRESH_MS = 1_000;
/** So often a node looks whether what was cast on this device is on the chain or pending. */
export const RESEND_MS = 30_000;

/** Well-known IDs of an election, one of which each node tries to hold. */
export const SEATS = 4;
/** With so many links a node does not look for more by way of the seats. */
export const ENOUGH_LINKS = 3;
/** A node that holds no seat or has few links looks at the seats so often, at random between the two. */
export const ROUND_ALONE_MS = [15_000, 30_000] as const;
/** Any other does so rarely: its own seat may have been lost without a word. */
export const ROUND_MS = [120_000, 240_000] as const;
