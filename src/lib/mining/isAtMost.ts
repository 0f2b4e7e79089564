/**
 * Whether one big-endian number is at most another; both arrays have the same length. Nearly every hash is decided by
 * its first byte or two, so this costs nothing, where a bigint a hash would.
 */
export function isAtMost(number: Uint8Array, limit: Uint8Array): boolean {
	for (let i = 0; i < limit.length; i++) {
		const digit = number[i] ?? 0;
		const limitDigit = limit[i] ?? 0;
		if (digit !== limitDigit) return digit < limitDigit;
	}
	return true;
}
