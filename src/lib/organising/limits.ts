/**
 * Most voters of an election made here. Consensus allows more, but a definition travels between tabs in one message of
 * 1 MiB, which 10,000 voters fit with voter IDs of up to 16 characters; `definitionBytes` says exactly.
 */
export const MAX_VOTERS = 10_000;
/** Header and blank lines included. */
export const MAX_ROLL_LINES = 2 * MAX_VOTERS;
/** A list of the most voters, with names and e-mail addresses, stays far below it. */
export const MAX_ROLL_BYTES = 4 * 1_048_576;
/** Longest name and e-mail address of a voter, in UTF-16 units. */
export const MAX_CONTACT_LENGTH = 254;
