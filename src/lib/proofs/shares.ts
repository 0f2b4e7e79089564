/** How large the shares may be that work is split into. */
export interface ShareLimits {
	/** Fewer in a share are not worth another worker; at most half of `max`. */
	readonly min: number;
	readonly max: number;
}

/** Splits items, in order, into shares of one size, such that so many workers are done with them at about the same time. */
export function sharesOf<T>(items: readonly T[], workers: number, { min, max }: ShareLimits): T[][] {
	const rounds = Math.ceil(items.length / (workers * max));
	const count = Math.max(1, Math.min(rounds * workers, Math.floor(items.length / min)));
	const length = Math.ceil(items.length / count);
	const shares: T[][] = [];
	for (let start = 0; start < items.length; start += length) shares.push(items.slice(start, start + length));
	return shares;
}
