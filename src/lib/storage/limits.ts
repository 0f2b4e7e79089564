/** Peers remembered for the next start. */
export const MAX_STORED_PEERS = 32;

/** Slots a browser profile can hold: one a living tab. Far more than a browser keeps tabs alive. */
export const MAX_SLOTS = 256;

/** How long opening may be blocked by a tab that runs an older version of the database. */
export const BLOCKED_TIMEOUT_MS = 5_000;
