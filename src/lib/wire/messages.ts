import type { BlockHash, ElectionId, Hash, TransactionId } from '../bytes/hash';
import type { Header } from '../chain/header';
import type { ErrorCode } from '../errors/pollenError';

export { PROTOCOL_VERSION } from './limits';

/** First message of both sides. An election ID of `ZERO_HASH` means "I hold no election yet, tell me yours". */
export interface Hello {
	readonly type: 'hello';
	readonly protocol: number;
	readonly electionId: ElectionId;
	/** Title of the election, empty if none is held. */
	readonly title: string;
	readonly height: number;
	/** Cumulative work of the tip. */
	readonly work: bigint;
	readonly tip: BlockHash;
	/** The name its operator gave the node, often empty. */
	readonly label: string;
}

/** Asks for a `pong` with the same ID. */
export interface Ping {
	readonly type: 'ping';
	/** u32 */
	readonly id: number;
}

export interface Pong {
	readonly type: 'pong';
	readonly id: number;
}

export interface GetElection {
	readonly type: 'getElection';
}

export interface ElectionMessage {
	readonly type: 'election';
	/** Canonical JSON. */
	readonly definition: Uint8Array;
}

/** Asks for the headers that follow the first hash of the locator that is on the receiver's best branch. */
export interface GetHeaders {
	readonly type: 'getHeaders';
	readonly locator: readonly BlockHash[];
}

/** Answers `getHeaders`, and announces new tips. Ascending, each the child of the one before. */
export interface Headers {
	readonly type: 'headers';
	readonly headers: readonly Header[];
}

export interface GetBlocks {
	readonly type: 'getBlocks';
	readonly hashes: readonly BlockHash[];
}

export interface BlockMessage {
	readonly type: 'block';
	/** An encoded block, not yet looked into: decoding it is the import pipeline's first rule. */
	readonly block: Uint8Array;
}

/** Announces pending transactions. */
export interface Inventory {
	readonly type: 'inventory';
	readonly ids: readonly TransactionId[];
}

/** Asks for pending transactions; without IDs, for an inventory of everything that is pending. */
export interface GetTransactions {
	readonly type: 'getTransactions';
	readonly ids: readonly TransactionId[];
}

export interface TransactionMessage {
	readonly type: 'transaction';
	/** An encoded transaction, not yet looked into. */
	readonly transaction: Uint8Array;
}

export interface GetPeers {
	readonly type: 'getPeers';
}

export interface Peers {
	readonly type: 'peers';
	readonly peerIds: readonly string[];
}

/** The blocks of a request that the sender does not have. */
export interface NotFound {
	readonly type: 'notFound';
	readonly hashes: readonly Hash[];
}

/** Last message before closing, with the reason. */
export interface Bye {
	readonly type: 'bye';
	readonly code: ErrorCode;
}

/** Hands on a transaction that is not public yet: see "Stem" in README.md. */
export interface StemMessage {
	readonly type: 'stem';
	/** An encoded transaction, not yet looked into. */
	readonly transaction: Uint8Array;
}

/** Everything that one node can say to another. */
export type WireMessage =
	| Hello
	| Ping
	| Pong
	| GetElection
	| ElectionMessage
	| GetHeaders
	| Headers
	| GetBlocks
	| BlockMessage
	| Inventory
	| GetTransactions
	| TransactionMessage
	| GetPeers
	| Peers
	| NotFound
	| Bye
	| StemMessage;

export type MessageName = WireMessage['type'];
export type MessageOf<Name extends MessageName> = Extract<WireMessage, { type: Name }>;

/** The type byte of each message. A number is never used again for something else. */
export const MESSAGE_TYPES = {
	hello: 1,
	ping: 2,
	pong: 3,
	getElection: 4,
	election: 5,
	getHeaders: 6,
	headers: 7,
	getBlocks: 8,
	block: 9,
	inventory: 10,
	getTransactions: 11,
	transaction: 12,
	getPeers: 13,
	peers: 14,
	notFound: 15,
	bye: 16,
	stem: 17
} as const satisfies Record<MessageName, number>;

const NAMES = new Map<number, MessageName>(
	(Object.keys(MESSAGE_TYPES) as MessageName[]).map((name) => [MESSAGE_TYPES[name], name])
);

/** The message that a type byte stands for, undefined for a byte that has no meaning. */
export function messageName(type: number): MessageName | undefined {
	return NAMES.get(type);
}
