import type { Network, PeerId } from '../../src/lib/network/port';
import { FrameReader } from '../../src/lib/wire/frame';
import type { MessageName, MessageOf, WireMessage } from '../../src/lib/wire/messages';
import { wrapConnections } from './wrapConnections';

export interface SentMessage {
	readonly to: PeerId;
	readonly message: WireMessage;
}

/** Everything that one node says, in order. */
export class Transcript {
	readonly messages: SentMessage[] = [];
	/** Called with each message when it is sent. */
	onSent: ((sent: SentMessage) => void) | undefined;

	of<Name extends MessageName>(name: Name, to?: PeerId): MessageOf<Name>[] {
		return this.messages
			.filter((sent) => sent.message.type === name && (to === undefined || sent.to === to))
			.map(({ message }) => message as MessageOf<Name>);
	}

	add(sent: SentMessage): void {
		this.messages.push(sent);
		this.onSent?.(sent);
	}
}

/** The same network, writing down what is sent through it. */
export function tapNetwork(network: Network, transcript: Transcript): Network {
	return wrapConnections(network, (connection) => {
		const reader = new FrameReader();
		const send = connection.send.bind(connection);
		connection.send = (piece) => {
			const message = reader.push(piece.slice());
			if (message) transcript.add({ to: connection.peerId, message });
			send(piece);
		};
	});
}
