import { MAX_BLOCK_BYTES, MAX_TITLE_LENGTH } from '../election/limits';

/**
 * The limits of the wire. Whatever a peer sends is measured against one of these before memory is set aside for it.
 * Counts are items a message; lengths are bytes unless the name says otherwise.
 */

/** Version of the framing, the first byte of every frame. */
export const FRAME_VERSION = 1;
/** Version of the messages, told in `hello`. */
export const PROTOCOL_VERSION = 1;

/** version u8, type u8, length u32. */
export const FRAME_HEADER_BYTES = 6;
/** Longest payload of any message: the `length` field of a frame may not be larger. */
export const MAX_FRAME_BYTES = 1_048_576;
/** Every piece of a frame has this length, except the last. Chosen for SCTP implementations that fail on longer ones. */
export const PIECE_BYTES = 16_384;
/** Time a peer has to finish a frame that it began. The node enforces it, because this layer has no clock. */
export const REASSEMBLY_MS = 5_000;

export const MAX_LOCATOR = 32;
export const MAX_HEADERS = 500;
export const MAX_BLOCKS = 16;
export const MAX_INVENTORY = 500;
export const MAX_PEERS = 32;
/** As many as the longest request that it can answer. */
export const MAX_NOT_FOUND = 500;

/** Unicode code points, at most 4 bytes each in UTF-8. */
export const MAX_TITLE_CHARACTERS = MAX_TITLE_LENGTH;
export const MAX_LABEL_CHARACTERS = 40;
export const MAX_PEER_ID_CHARACTERS = 64;
/** Length of the longest error code that `bye` can carry. */
export const MAX_CODE_CHARACTERS = 32;

/** An encoded block: the consensus limit, so that a block that is too long is refused before it is assembled. */
export const MAX_BLOCK_MESSAGE_BYTES = MAX_BLOCK_BYTES;
/** An encoded transaction. The longest kind, a ballot in 64 contests, has 354 bytes. */
export const MAX_TRANSACTION_MESSAGE_BYTES = 1_024;
