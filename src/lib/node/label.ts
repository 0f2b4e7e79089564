import { MAX_LABEL_CHARACTERS } from '../wire/limits';

/** What the wire refuses in a label: control characters, and lone surrogates, which UTF-8 cannot express. */
const UNSENDABLE = /[\p{Cc}\p{Cs}]/gu;

/** A node's name as it is kept and told to peers: whatever somebody typed, made to fit a hello. */
export function tidyLabel(typed: string): string {
	const sendable = typed.replace(UNSENDABLE, ' ').trim();
	return [...sendable].slice(0, MAX_LABEL_CHARACTERS).join('').trimEnd();
}
