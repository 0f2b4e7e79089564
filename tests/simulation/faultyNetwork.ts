import type { Clock } from '../../src/lib/clock/port';
import type { Connection, Network } from '../../src/lib/network/port';
import { FRAME_HEADER_BYTES } from '../../src/lib/wire/limits';
import { messageName, type MessageName } from '../../src/lib/wire/messages';
import { wrapConnections } from '../support/wrapConnections';
import type { Random } from './random';

export interface MessageFaults {
	/** Shares of the messages that are lost, that come twice, and that come after later ones. */
	readonly loss: number;
	readonly duplication: number;
	readonly reordering: number;
	/** Doubled and late ones come up to so much later, ms. */
	readonly maxLateMs: number;
	/** The messages that this happens to; all but the first and the last of a link unless told. */
	readonly messages?: ReadonlySet<MessageName>;
}

/** Without these there is no link, and no end of one. */
const NEVER: ReadonlySet<MessageName> = new Set(['hello', 'bye']);

/**
 * The same network, losing, doubling and reordering what is sent through it, as long as `isOn`. That happens to whole messages in
 * one piece: parts of longer ones would break the framing, which a channel never does.
 */
export function faultyNetwork(
	network: Network,
	clock: Clock,
	random: Random,
	faults: MessageFaults,
	isOn: () => boolean
): Network {
	return wrapConnections(network, (connection) => {
		const nameOf = wholeMessages();
		const send = connection.send.bind(connection);
		connection.send = (piece) => {
			const name = nameOf(piece);
			const isSpared = name === undefined || NEVER.has(name) || !(faults.messages?.has(name) ?? true);
			if (isSpared || !isOn()) send(piece);
			else sendBadly(piece, send, clock, random, faults);
		};
	});
}

function sendBadly(
	piece: Uint8Array,
	send: Connection['send'],
	clock: Clock,
	random: Random,
	{ loss, duplication, reordering, maxLateMs }: MessageFaults
): void {
	const later = (): void => void clock.after(random.below(maxLateMs), () => send(piece));
	const roll = random.next();
	if (roll < loss) return;
	if (roll < loss + reordering) return later();
	send(piece);
	if (roll < loss + reordering + duplication) later();
}

/** Names the message that a piece is, if it is a whole one. It has to see every piece of a connection. */
function wholeMessages(): (piece: Uint8Array) => MessageName | undefined {
	let missingBytes = 0;
	return (piece) => {
		if (missingBytes > 0) {
			missingBytes -= piece.length;
			return undefined;
		}
		const [, type = 0] = piece;
		const frameBytes = FRAME_HEADER_BYTES + new DataView(piece.buffer, piece.byteOffset).getUint32(2);
		missingBytes = frameBytes - piece.length;
		return missingBytes === 0 ? messageName(type) : undefined;
	};
}
