/** The value that this share (0 to 1) of all values do not exceed, of at least one value. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
	if (found === undefined) throw new Error('no values');
	return found;
}
