/**
 * Where rows of different heights lie on each other. They are numbered from the bottom up, as blocks and ballots are, so
 * that a row keeps its number when new ones come on top.
 * @param heights of the rows that were measured
 * @param guess the height of each other row
 * @returns how far the bottom edge of each row is above that of the list, and last the height of the list
 */
export function rowEdges(count: number, heights: ReadonlyMap<number, number>, guess: number): Float64Array {
	const edges = new Float64Array(count + 1);
	for (let row = 0; row < count; row++) edges[row + 1] = edges[row]! + (heights.get(row) ?? guess);
	return edges;
}

/** Rows next to each other: from `first` up to, and without, `end`. */
export interface RowRange {
	readonly first: number;
	readonly end: number;
}

/** The rows of which a part lies between two distances above the bottom of the list. */
export function rowsBetween(edges: Float64Array, low: number, high: number): RowRange {
	const end = Math.min(
		edges.length - 1,
		countWhile(edges, (edge) => edge < high)
	);
	const first = Math.max(0, countWhile(edges, (edge) => edge <= low) - 1);
	return { first: Math.min(first, end), end };
}

/** How many edges come before the first for which something does not hold, by halving: what holds for one, holds for all below. */
function countWhile(edges: Float64Array, holds: (edge: number) => boolean): number {
	let [low, high] = [0, edges.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(edges[middle]!)) low = middle + 1;
		else high = middle;
	}
	return low;
}
