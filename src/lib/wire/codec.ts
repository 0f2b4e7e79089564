import type { CoderType } from '../bytes/coders';
import { concatBytes } from '../bytes/compare';
import { PollenError } from '../errors/pollenError';
import { MESSAGE_TYPES, messageName, type MessageName, type WireMessage } from './messages';
import { PAYLOADS } from './payloads';

type Fields = Record<string, unknown>;

/** Which coder belongs to which message is checked where {@link PAYLOADS} is written down; here any will do. */
function coderOf(name: MessageName): CoderType<Fields> {
	return PAYLOADS[name].coder as unknown as CoderType<Fields>;
}

/** @throws PollenError oversized when `length` is more than a message of this kind can have */
export function checkPayloadLength(name: MessageName, length: number): void {
	const { maximumBytes } = PAYLOADS[name];
	if (length > maximumBytes) throw new PollenError('oversized', `${name} of ${length} bytes, ${maximumBytes} allowed`);
}

/** @throws PollenError bad-message when a field is beyond its limits, oversized when the payload is */
export function encodePayload(message: WireMessage): Uint8Array {
	const { type: name, ...fields } = message;
	const payload = encodeFields(name, fields);
	checkPayloadLength(name, payload.length);
	return payload;
}

/**
 * The type byte and, after it, the payload.
 * @throws PollenError like {@link encodePayload}
 */
export function encodeMessage(message: WireMessage): Uint8Array {
	return concatBytes(Uint8Array.of(MESSAGE_TYPES[message.type]), encodePayload(message));
}

/**
 * The message of a type byte and its payload. Nothing in the result shares memory with `payload`.
 * @throws PollenError bad-message for anything but the one canonical form, oversized for a payload beyond its limit
 */
export function decodeMessage(type: number, payload: Uint8Array): WireMessage {
	const name = messageName(type);
	if (name === undefined) throw new PollenError('bad-message', `no message has type ${type}`);
	checkPayloadLength(name, payload.length);
	return { type: name, ...decodeFields(name, payload) } as WireMessage;
}

function encodeFields(name: MessageName, fields: Fields): Uint8Array {
	try {
		return coderOf(name).encode(fields);
	} catch (cause) {
		throw new PollenError('bad-message', `${name} cannot be encoded`, { cause });
	}
}

function decodeFields(name: MessageName, payload: Uint8Array): Fields {
	try {
		return coderOf(name).decode(payload);
	} catch (cause) {
		throw new PollenError('bad-message', `${name} cannot be decoded`, { cause });
	}
}
