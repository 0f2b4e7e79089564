import * as P from 'micro-packed';
import { listOf, shortText, u16, type CoderType } from '../bytes/coders';
import { ERROR_CODES, type ErrorCode } from '../errors/pollenError';
import { MAX_CODE_CHARACTERS, MAX_PEER_ID_CHARACTERS } from './limits';

/** Longest UTF-8 form of one code point (RFC 3629). */
const MAX_UTF8_BYTES = 4;

const CONTROL_CHARACTER = /\p{Cc}/u;
const PEER_ID = /^[A-Za-z0-9_-]+$/;

/**
 * Text for people, at most `maximum` code points. Control characters are refused: such text comes from strangers and is
 * shown to voters. Code points and not UTF-16 units are counted, so that the limit does not depend on the alphabet.
 */
export function plainText(maximum: number): CoderType<string> {
	return P.validate(shortText(maximum * MAX_UTF8_BYTES), (text) => {
		if ([...text].length > maximum) throw new RangeError(`more than ${maximum} characters`);
		if (CONTROL_CHARACTER.test(text)) throw new RangeError('text with control characters');
		return text;
	});
}

/** Bytes that {@link plainText} takes at most: the length field (u8 up to 255, otherwise u16) and the text. */
export function plainTextBytes(maximum: number): number {
	const textBytes = maximum * MAX_UTF8_BYTES;
	return (textBytes <= 0xff ? 1 : 2) + textBytes;
}

export const peerId: CoderType<string> = P.validate(shortText(MAX_PEER_ID_CHARACTERS), (id) => {
	if (!PEER_ID.test(id)) throw new RangeError('not a peer ID');
	return id;
});

/** As text and not as a number, because the order of {@link ERROR_CODES} is made for its readers and may change. */
export const errorCodeText: CoderType<ErrorCode> = P.validate(
	shortText(MAX_CODE_CHARACTERS) as CoderType<ErrorCode>,
	(code) => {
		if (!ERROR_CODES.includes(code)) throw new RangeError('not an error code');
		return code;
	}
);

/** How many (u16, at most `maximum`), then each. Encoding changes no array, so read-only ones may be encoded as well. */
export function list<T>(maximum: number, inner: CoderType<T>): CoderType<readonly T[]> {
	return listOf(u16, maximum, inner) as unknown as CoderType<readonly T[]>;
}

/**
 * All bytes that are left, at least one. Copied when decoded: otherwise the message would keep alive, and share, the
 * buffer in which its frame arrived.
 */
export const remainingBytes: CoderType<Uint8Array> = P.wrap<Uint8Array>({
	encodeStream: (writer, bytes) => {
		if (bytes.length === 0) throw writer.err('nothing to send');
		writer.bytes(bytes);
	},
	decodeStream: (reader) => {
		if (reader.leftBytes === 0) throw reader.err('nothing sent');
		return Uint8Array.from(reader.bytes(reader.leftBytes));
	}
});
