import type { ErrorCode } from '../errors/pollenError';

/** How a node is addressed on the signalling server. Random at each start. */
export type PeerId = string & { readonly __peerId: true };

export type SignallingState = 'connecting' | 'online' | 'offline';

/** A link to one peer. It carries byte pieces in order; what they mean is the wire layer's business. */
export interface Connection {
	readonly peerId: PeerId;
	readonly direction: 'inbound' | 'outbound';
	/** Queues one piece (at most 16 KiB). Waits inside for the channel's buffer; a queue over 4 MiB closes the link. */
	send(piece: Uint8Array): void;
	/** Resolves when little enough is queued (256 KiB) to send more without risk, or when the link is closed. */
	drained(): Promise<void>;
	/** At most one handler each; set both in the same turn that delivered the connection. */
	onPiece: ((piece: Uint8Array) => void) | undefined;
	/** Called exactly once, also after our own `close`. */
	onClose: ((code: ErrorCode) => void) | undefined;
	/** Sends what is queued if it can, then closes. Idempotent. */
	close(code: ErrorCode): void;
}

export interface NetworkEvents {
	/** An inbound link is open and ready to send. */
	connection(connection: Connection): void;
	signalling(state: SignallingState): void;
}

/** A well-known ID that this node holds. */
export interface Claim {
	/** Gives it up; links that came by it stay. */
	release(): void;
}

export interface ConnectOptions {
	/** Whether the node dials by itself: it has to leave something for what the user asks for. */
	readonly automatic?: boolean;
}

/** A node's way to other nodes. */
export interface Network {
	/** Undefined until the signalling server has accepted us once. */
	readonly peerId: PeerId | undefined;
	readonly signalling: SignallingState;
	/** Starts registering; never rejects for an unreachable server (that is a state, retried with backoff). */
	start(events: NetworkEvents): void;
	/**
	 * Dials a peer. Rejects with unknown-peer, signalling-unreachable, peer-timeout (8 s), self-link, too-many-peers, and with
	 * too-many-dials when this page has opened so many connections that it must wait.
	 */
	connect(peerId: PeerId, options?: ConnectOptions): Promise<Connection>;
	/**
	 * Tries to register under a well-known ID beside the node's own, so that others can dial it without having been told of this
	 * node. Links that are dialled to it arrive like all others. Resolves with undefined when somebody else holds the ID. Rejects
	 * with signalling-unreachable.
	 * @param onLost called once when the registration has ended by itself
	 */
	claim(peerId: PeerId, onLost: () => void): Promise<Claim | undefined>;
	/** Leaves for good: closes links and all registrations. */
	stop(): void;
}
