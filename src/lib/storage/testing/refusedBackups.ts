import { withChecksum } from '../backupFile';

/** For tests: a text that is refused, whatever file is expected. */
export interface RefusedText {
	readonly why: string;
	readonly text: string;
}

/** A file without one of its members. */
export function without(file: object, member: string): object {
	return Object.fromEntries(Object.entries(file).filter(([name]) => name !== member));
}

/** The text of a file whose members were changed by somebody who knows how to make the checksum right again. */
export function forged(file: object, changes: Readonly<Record<string, unknown>>): string {
	return JSON.stringify(withChecksum(without({ ...file, ...changes }, 'checksum')));
}

/** What was never such a file, or is no longer a whole one. */
export function unreadableTexts(file: object): RefusedText[] {
	const text = JSON.stringify(file);
	const junk = new Uint8Array(4096);
	for (let i = 0; i < junk.length; i++) junk[i] = (i * 197 + 31) % 256;
	return [
		{ why: 'nothing', text: '' },
		{ why: 'half a file', text: text.slice(0, text.length / 2) },
		{ why: 'all but its last character', text: text.slice(0, -1) },
		{ why: 'two files', text: text + text },
		{ why: 'binary junk, as a browser reads it', text: new TextDecoder().decode(junk) },
		{ why: 'binary junk, one character a byte', text: String.fromCharCode(...junk) },
		...['null', '1', '"text"', '[]', '{}', `[${text}]`].map((json) => ({
			why: `the JSON ${json.slice(0, 8)}`,
			text: json
		}))
	];
}
