/** Limits of a node's behaviour; those of the wire are in wire/limits.ts. */

/** Links in all, with those that others dialled and those that the user asked for. */
export const MAX_LINKS = 12;
/**
 * So many more may be open for a moment: a newcomer for whom room is made, and a tab that only came to ask. It is what the network
 * is given as its own limit.
 */
export const MAX_OPEN = MAX_LINKS + 2;
/** A node dials by itself while it has fewer outbound links than the one, and fewer links in all than the other. */
export const MAX_OUTBOUND = 6;
export const ENOUGH_TO_REST = 10;
/** Dials by itself that are under way at a time. */
export const MAX_DIALLING = 3;
/** A node that has enough links tries another peer so often, at random between the two. */
export const MINGLE_MS = [180_000, 360_000] as const;
/** Outbound links that a full node does not let go for a newcomer. */
export const KEPT_OUTBOUND = 3;
/** Inbound links that it does not let go either: the nearest, and those that were useful last. */
export const PROTECTED_NEAREST = 2;
export const PROTECTED_USEFUL = 2;
/** A node lets go of a peer for a newcomer at most so often. */
export const EVICTION_PAUSE_MS = 10_000;
/** How long a tab that holds no election may stay. */
export const VISIT_MS = 30_000;
/** A peer has this long for its hello. */
export const HELLO_MS = 8_000;
/** While it waits for it, the side that dialled says its own again. */
export const HELLO_REPEAT_MS = 2_000;
export const PING_INTERVAL_MS = 20_000;
export const PONG_MS = 10_000;
/** Waiting times before a lost peer is dialled again. */
export const RETRY_MS = { first: 2_000, longest: 600_000 } as const;
/** A peer that the user asked for is given up when the signalling server did not know it so often: IDs change at each start. */
export const MAX_UNKNOWN_TRIES = 5;
/** Peers that this node was linked to, remembered also for its next start. */
export const MAX_WORTH_DIALLING = 32;
/** Peers in the book, and those of them that one peer told of: as many as fit in one message. */
export const MAX_BOOK = 200;
export const MAX_HEARD_FROM_ONE = 32;
/** A peer in the book is forgotten after more failures than this. */
export const MAX_BOOK_FAILURES = 6;
/** While a node lacks links and knows of nobody to dial, it asks its peers for others so often, at random between the two. */
export const ASK_PEERS_MS = [30_000, 60_000] as const;
/** So many peers that broke the protocol, or were unlinked, are remembered while the node runs. */
export const MAX_REMEMBERED = 1_000;
/** Transactions that a peer is known to have, so that they are not announced to it. */
export const MAX_KNOWN_PER_PEER = 20_000;
/** Transactions asked of one peer at a time; equals what one getTransactions may ask. */
export const TRANSACTIONS_IN_FLIGHT = 500;
/** A peer that was asked for a transaction has this long before another is asked. */
export const TRANSACTION_TIMEOUT_MS = 10_000;
/** Transactions that a peer announced and that are not asked of it yet: as many as the longest roll has voters. */
export const MAX_OFFERED_PER_PEER = 10_000;
/** Refused transactions that are remembered, so that the same is not asked for and judged again and again. */
export const MAX_REFUSED = 10_000;
/** What is to be announced to a peer within this time of the last announcement goes in one message. */
export const GATHER_MS = 100;
/** A peer that asks for everything pending more often than this is not answered. */
export const INVENTORY_REQUEST_MS = 5_000;
/** So often a node makes good what may have been lost, at random between the two. */
export const REMINDER_MS = [45_000, 75_000] as const;

/** With fewer links than this, what is cast here is announced at once, without a stem. */
export const STEM_LINKS = 3;
/** How likely it is that whoever gets a transaction by stem spreads it. */
export const STEM_SPREAD_CHANCE = 0.1;
/** How long a transaction of a stem is kept to oneself at most, at random between the two. */
export const EMBARGO_MS = [10_000, 30_000] as const;
/** So long before the poll closes there is no stem any more: a lost vote is worse. */
export const STEM_MARGIN_MS = 60_000;

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
/** Different choices of which it is known what their ballots' proofs have to say. */
export const MAX_MESSAGES = 1_024;
/** Closings that are noted. An organiser who signs more than this has made the point. */
export const MAX_CLOSINGS = 8;

/** With so many blocks still to fetch of a better chain, a node does not mine on its own. */
export const FAR_BEHIND_BLOCKS = 16;
/** A node mines until the last transaction is this deep. */
export const CONFIRMATIONS = 6;
/** A template's time is renewed so often while its nonce is searched. */
export const TEMPLATE_REFRESH_MS = 1_000;
/**
 * For new transactions, a running template is replaced at most so often. With building it and with the turns of the worker they are
 * to reach the search within 50 ms.
 */
export const TEMPLATE_GATHER_MS = 25;
/** So often a node looks whether what was cast on this device is on the chain or pending. */
export const RESEND_MS = 30_000;

/** Well-known IDs of an election, one of which each node tries to hold. */
export const SEATS = 4;
/**
 * After so many visits a node hands its seat on, and takes none for a while: each visit is a connection, of which a page can make
 * only so many (see network/limits.ts).
 */
export const MAX_VISITS = 60;
export const SEAT_REST_MS = 1_800_000;
/** With so many links a node does not look for more by way of the seats. */
export const ENOUGH_LINKS = 3;
/** A node that holds no seat or has few links looks at the seats so often, at random between the two. */
export const ROUND_ALONE_MS = [15_000, 30_000] as const;
/** Any other does so rarely: its own seat may have been lost without a word. */
export const ROUND_MS = [120_000, 240_000] as const;
/** So often a node asks a seat although it lacks nothing: one that holds a seat, and any other. */
export const CURIOUS_HOLDER_MS = [120_000, 240_000] as const;
export const CURIOUS_MS = [1_800_000, 3_600_000] as const;
