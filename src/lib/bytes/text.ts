import { PollenError } from '../errors/pollenError';

const encoder = new TextEncoder();
// `ignoreBOM` keeps a leading U+FEFF as a character; dropped, two byte strings would read as one text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Text as UTF-8.
 * @throws PollenError bad-encoding for a lone surrogate, which TextEncoder would silently replace by U+FFFD
 */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
	if (!text.isWellFormed()) throw new PollenError('bad-encoding', 'text has a lone surrogate');
	return encoder.encode(text);
}

/**
 * The text of UTF-8 bytes.
 * @throws PollenError bad-encoding when the bytes are not UTF-8
 */
export function fromUtf8(bytes: Uint8Array): string {
	try {
		return decoder.decode(bytes);
	} catch (cause) {
		throw new PollenError('bad-encoding', 'bytes are not UTF-8', { cause });
	}
}
