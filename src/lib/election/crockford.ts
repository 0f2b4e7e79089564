/** Crockford's base32: digits and letters without I, L, O and U (https://www.crockford.com/base32.html). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The character for a value from 0 to 31. */
export function symbolOf(value: number): string {
	return ALPHABET.charAt(value);
}

/** The value of a character, or -1 for one that is not in the alphabet. */
export function valueOf(symbol: string): number {
	return ALPHABET.indexOf(symbol);
}

/** The first `length` groups of five bits, most significant bit first, as values from 0 to 31. */
export function fiveBitGroups(bytes: Uint8Array, length: number): number[] {
	return Array.from({ length }, (_, index) => {
		const firstBit = index * 5;
		const byte = firstBit >> 3;
		const pair = ((bytes[byte] ?? 0) << 8) | (bytes[byte + 1] ?? 0);
		return (pair >> (11 - (firstBit & 7))) & 31;
	});
}

/** Groups of four with hyphens, the way codes are shown. */
export function inGroupsOfFour(text: string): string {
	return text.replace(/.{4}(?=.)/g, '$&-');
}
