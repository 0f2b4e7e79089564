/** Bounds of an election's definition. They are consensus: a definition beyond them has no election ID. */
export const MAX_CONTESTS = 64;
/** One less than a byte can say, because 255 in a ballot means that no option was chosen. */
export const MAX_OPTIONS = 255;
export const MAX_ROLL = 1_048_576;
/** All text lengths are in Unicode code points. */
export const MAX_TITLE_LENGTH = 200;
export const MAX_DESCRIPTION_LENGTH = 5_000;
export const MAX_VOTER_ID_LENGTH = 64;
export const MIN_BLOCK_INTERVAL_MS = 1_000;
export const MAX_BLOCK_INTERVAL_MS = 86_400_000;
export const MAX_INITIAL_DIFFICULTY = 2 ** 40;

/** Bounds of a block, header included. */
export const MAX_BLOCK_BYTES = 262_144;
export const MAX_BLOCK_TRANSACTIONS = 1_000;

/** Fewest voters that an opening can freeze as a group. */
export const MIN_GROUP = 3;
