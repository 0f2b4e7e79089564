/** Rows next to each other: from `first` up to, and without, `end`. */
export interface RowRange {
	readonly first: number;
	readonly end: number;
}

/** The rows of which a part lies between two distances above the bottom of a list with such edges. */
export function rowsBetween(edges: Float64Array, low: number, high: number): RowRange {
	const rows = edges.length - 1;
	const below = countWhile(edges, (edge) => edge < high);
	const end = Math.min(rows, below);
	const first = Math.max(0, countWhile(edges, (edge) => edge <= low) - 1);
	return { first: Math.min(first, end), end };
}

/** How many edges come before the first for which something does not hold; what holds for one, holds for all below. */
function countWhile(edges: Float64Array, holds: (edge: number) => boolean): number {
	let [low, high] = [0, edges.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(edges[middle]!)) low = middle + 1;
		else high = middle;
	}
	return low;
}
