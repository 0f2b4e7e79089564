import { PollenError } from '../errors/pollenError';
import { fiveBitGroups, inGroupsOfFour, symbolOf, valueOf } from './crockford';

const RANDOM_SYMBOLS = 15;
/** Fifteen random characters and one that checks them. */
export const VOTING_CODE_LENGTH = RANDOM_SYMBOLS + 1;
/** Random bytes that a voting code is made of; 75 of their 80 bits are used. */
export const VOTING_CODE_RANDOM_BYTES = 10;

const WHITE_SPACE_AND_DASHES = /[\s\p{Dash_Punctuation}]/gu;

/** What a voter typed, in the form that credentials are derived from. Characters outside the alphabet stay. */
export function normaliseCode(typed: string): string {
	return typed.replace(WHITE_SPACE_AND_DASHES, '').toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
}

/** Whether a normalised code can be one: catches every single wrong character and every swap of two neighbours. */
export function isWellFormedCode(code: string): boolean {
	const values = [...code].map(valueOf);
	return values.length === VOTING_CODE_LENGTH && !values.includes(-1) && syndrome(values) === 0;
}

/** A normalised code as it is shown and printed: XXXX-XXXX-XXXX-XXXX. */
export function formatCode(code: string): string {
	return inGroupsOfFour(code);
}

/**
 * The normalised voting code of at least {@link VOTING_CODE_RANDOM_BYTES} random bytes, of which it uses the first 75
 * bits.
 * @throws PollenError bad-encoding for fewer, because a shorter secret could be guessed.
 */
export function codeFromBytes(random: Uint8Array): string {
	if (random.length < VOTING_CODE_RANDOM_BYTES) {
		throw new PollenError('bad-encoding', `a voting code takes ${VOTING_CODE_RANDOM_BYTES} random bytes`);
	}
	const values = fiveBitGroups(random, RANDOM_SYMBOLS);
	return [...values, timesAlpha(syndrome(values))].map(symbolOf).join('');
}

/**
 * The characters as a polynomial over GF(32), evaluated at the primitive element alpha by Horner's rule. The check
 * character makes it zero. Changing one character adds a non-zero multiple of a power of alpha; swapping two unequal ones
 * adds their difference times the difference of two powers, which differ since alpha has order 31: neither leaves zero.
 */
function syndrome(values: readonly number[]): number {
	return values.reduce((sum, value) => timesAlpha(sum) ^ value, 0);
}

/** Multiplies by alpha in GF(32) = GF(2)[x] / (x^5 + x^2 + 1). */
function timesAlpha(value: number): number {
	const shifted = value << 1;
	return shifted > 31 ? shifted ^ 0b100101 : shifted;
}
