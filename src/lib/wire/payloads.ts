import * as P from 'micro-packed';
import { hash32, u16, u32, uint256, type CoderType } from '../bytes/coders';
import { HEADER_LENGTH, headerCoder } from '../chain/header';
import { errorCodeText, list, peerId, plainText, plainTextBytes, remainingBytes } from './fields';
import * as limits from './limits';
import type { MessageName, MessageOf } from './messages';

/** A message without its type, which stands in the frame's header. */
type PayloadOf<Name extends MessageName> = Omit<MessageOf<Name>, 'type'>;

interface Payload<Name extends MessageName> {
	readonly coder: CoderType<PayloadOf<Name>>;
	/** A frame that claims more for this message is refused before anything of it is kept. */
	readonly maximumBytes: number;
}

const COUNT_BYTES = 2;
const HASH_BYTES = 32;

const listBytes = (maximum: number, itemBytes: number): number => COUNT_BYTES + maximum * itemBytes;

/** Layout and longest length of every message, as specified in README.md. */
export const PAYLOADS: { readonly [Name in MessageName]: Payload<Name> } = {
	hello: {
		coder: P.struct({
			protocol: u16,
			electionId: hash32,
			title: plainText(limits.MAX_TITLE_CHARACTERS),
			height: u32,
			work: uint256,
			tip: hash32,
			label: plainText(limits.MAX_LABEL_CHARACTERS)
		}),
		maximumBytes:
			2 +
			HASH_BYTES +
			plainTextBytes(limits.MAX_TITLE_CHARACTERS) +
			4 +
			32 +
			HASH_BYTES +
			plainTextBytes(limits.MAX_LABEL_CHARACTERS)
	},
	ping: { coder: P.struct({ id: u32 }), maximumBytes: 4 },
	pong: { coder: P.struct({ id: u32 }), maximumBytes: 4 },
	getElection: { coder: P.struct({}), maximumBytes: 0 },
	election: { coder: P.struct({ definition: remainingBytes }), maximumBytes: limits.MAX_FRAME_BYTES },
	getHeaders: {
		coder: P.struct({ locator: list(limits.MAX_LOCATOR, hash32) }),
		maximumBytes: listBytes(limits.MAX_LOCATOR, HASH_BYTES)
	},
	headers: {
		coder: P.struct({ headers: list(limits.MAX_HEADERS, headerCoder) }),
		maximumBytes: listBytes(limits.MAX_HEADERS, HEADER_LENGTH)
	},
	getBlocks: {
		coder: P.struct({ hashes: list(limits.MAX_BLOCKS, hash32) }),
		maximumBytes: listBytes(limits.MAX_BLOCKS, HASH_BYTES)
	},
	block: { coder: P.struct({ block: remainingBytes }), maximumBytes: limits.MAX_BLOCK_MESSAGE_BYTES },
	inventory: {
		coder: P.struct({ ids: list(limits.MAX_INVENTORY, hash32) }),
		maximumBytes: listBytes(limits.MAX_INVENTORY, HASH_BYTES)
	},
	getTransactions: {
		coder: P.struct({ ids: list(limits.MAX_INVENTORY, hash32) }),
		maximumBytes: listBytes(limits.MAX_INVENTORY, HASH_BYTES)
	},
	transaction: {
		coder: P.struct({ transaction: remainingBytes }),
		maximumBytes: limits.MAX_TRANSACTION_MESSAGE_BYTES
	},
	getPeers: { coder: P.struct({}), maximumBytes: 0 },
	peers: {
		coder: P.struct({ peerIds: list(limits.MAX_PEERS, peerId) }),
		maximumBytes: listBytes(limits.MAX_PEERS, 1 + limits.MAX_PEER_ID_CHARACTERS)
	},
	notFound: {
		coder: P.struct({ hashes: list(limits.MAX_NOT_FOUND, hash32) }),
		maximumBytes: listBytes(limits.MAX_NOT_FOUND, HASH_BYTES)
	},
	bye: { coder: P.struct({ code: errorCodeText }), maximumBytes: 1 + limits.MAX_CODE_CHARACTERS },
	stem: {
		coder: P.struct({ transaction: remainingBytes }),
		maximumBytes: limits.MAX_TRANSACTION_MESSAGE_BYTES
	}
};
