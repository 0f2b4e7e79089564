import type { Peer } from 'peerjs';
import * as v from 'valibot';
import { isPeerId } from './peerId';

const PeerIdSchema = v.pipe(
	v.string(),
	v.check((text) => isPeerId(text))
);
const ConnectionIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

/** What the server itself says to us. */
const ServerMessageSchema = v.object({ type: v.picklist(['OPEN', 'ERROR', 'ID-TAKEN', 'INVALID-KEY', 'EXPIRE']) });

/** The only offer that Pollen makes and takes: see src/lib/wire/README.md. */
const OfferSchema = v.object({
	type: v.literal('OFFER'),
	src: PeerIdSchema,
	payload: v.object({
		type: v.literal('data'),
		serialization: v.literal('raw'),
		reliable: v.literal(true),
		connectionId: ConnectionIdSchema,
		sdp: v.object({ type: v.literal('offer'), sdp: v.string() })
	})
});

const NegotiationSchema = v.object({
	type: v.picklist(['ANSWER', 'CANDIDATE']),
	src: PeerIdSchema,
	payload: v.object({ connectionId: ConnectionIdSchema })
});

const LeaveSchema = v.object({ type: v.literal('LEAVE'), src: PeerIdSchema });
/** What a peer answers to an offer that it does not take. PeerServers pass a LEAVE on, and say who sent it. */
const RefusalSchema = v.object({ payload: v.object({ code: v.literal('too-many-peers') }) });

export interface SignallingGuard {
	/** Told instead of PeerJS that the server has lost a peer, or that the peer refused an offer of ours. */
	onGone(peerId: string, code: 'unknown-peer' | 'too-many-peers'): void;
	/** Whether PeerJS may make a connection of this peer's offer. */
	takesOffer(peerId: string): boolean;
	/** Whether a peer whose offer was not taken is told so. */
	tellsRefused(): boolean;
}

/**
 * Puts a filter between a PeerJS peer and its signalling socket, because other peers choose most of what comes through
 * it and PeerJS 1.5 takes it on trust. It would make a WebRTC connection for every offer of any kind, throw out of its
 * message handler for an unknown serialization, keep for ever what belongs to no connection, and close open links on a
 * LEAVE, which a PeerServer sends when it has merely lost the other peer's socket. An offer that is not taken costs no connection,
 * and who made it is told at once instead of by its own time limit.
 */
export function filterSignalling(peer: Peer, guard: SignallingGuard): void {
	const { socket } = peer;
	const handlers = socket.listeners('message');
	socket.removeAllListeners('message');
	socket.on('message', (message: unknown) => {
		if (v.is(LeaveSchema, message)) {
			return guard.onGone(message.src, v.is(RefusalSchema, message) ? 'too-many-peers' : 'unknown-peer');
		}
		if (v.is(OfferSchema, message) && !guard.takesOffer(message.src)) {
			if (guard.tellsRefused()) socket.send({ type: 'LEAVE', dst: message.src, payload: { code: 'too-many-peers' } });
			return;
		}
		if (!isWanted(peer, message)) return;
		for (const handle of handlers) handle.call(socket, message);
	});
}

function isWanted(peer: Peer, message: unknown): boolean {
	if (v.is(ServerMessageSchema, message) || v.is(OfferSchema, message)) return true;
	// The server keeps the order of one peer's messages, so that what belongs to a connection comes after its offer.
	return v.is(NegotiationSchema, message) && peer.getConnection(message.src, message.payload.connectionId) !== null;
}
