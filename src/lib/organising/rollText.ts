import { PollenError } from '../errors/pollenError';
import { MAX_ROLL_BYTES } from './limits';

export type RollEncoding = 'UTF-8' | 'UTF-16' | 'Windows-1252';

export interface RollText {
	readonly text: string;
	/** Windows-1252 is a guess: whoever reads the list should look at its accents. */
	readonly encoding: RollEncoding;
}

const BYTE_ORDER_MARKS = [
	{ bytes: [0xff, 0xfe], label: 'utf-16le' },
	{ bytes: [0xfe, 0xff], label: 'utf-16be' }
] as const;

/** A list of voters may have a stray control character, which its line is named for; what has many is no text. */
const MAX_CONTROL_SHARE = 0.02;

/**
 * The text of a file that holds a list of voters: UTF-8 or UTF-16 with a byte order mark, UTF-8 without, and what is
 * none of them as Windows-1252, which spreadsheets on Windows write.
 * @throws PollenError bad-roll for a file that is too large or no text; its message is for the reader
 */
export function decodeRoll(bytes: Uint8Array): RollText {
	if (bytes.length > MAX_ROLL_BYTES) {
		throw new PollenError('bad-roll', 'This file is too large for a list of voters: 4 MB is the most.');
	}
	const decoded = decode(bytes);
	if (decoded === undefined || !isText(decoded.text)) {
		throw new PollenError(
			'bad-roll',
			'This file is not a list in plain text. If it is a spreadsheet, save it as CSV first, and choose that file.'
		);
	}
	return decoded;
}

function decode(bytes: Uint8Array): RollText | undefined {
	const marked = BYTE_ORDER_MARKS.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte));
	if (marked) {
		const text = decodeAs(marked.label, bytes);
		return text === undefined ? undefined : { text, encoding: 'UTF-16' };
	}
	const text = decodeAs('utf-8', bytes);
	if (text !== undefined) return { text, encoding: 'UTF-8' };
	return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
}

/** Without its byte order mark; undefined when the bytes are something else. */
function decodeAs(label: string, bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder(label, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

function isText(text: string): boolean {
	if (text.includes('\0')) return false;
	const controls = text.match(/(?![\t\n\r])\p{Control}/gu)?.length ?? 0;
	return controls <= text.length * MAX_CONTROL_SHARE;
}
