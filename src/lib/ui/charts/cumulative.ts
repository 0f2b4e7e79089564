/** How many there were at a time. */
export interface CumulativePoint {
	/** Milliseconds since the epoch. */
	readonly time: number;
	readonly count: number;
}

/** Counts things by the times at which they happened: one point for each different time, in order. */
export function cumulativePoints(times: readonly number[]): CumulativePoint[] {
	const points: CumulativePoint[] = [];
	for (const [index, time] of times.toSorted((a, b) => a - b).entries()) {
		if (points.at(-1)?.time === time) points.pop();
		points.push({ time, count: index + 1 });
	}
	return points;
}

/**
 * The corners of the steps that points stand for, from nothing at `start` to the last count at `end`: a count holds until
 * the next point.
 */
export function stepCorners(points: readonly CumulativePoint[], start: number, end: number): CumulativePoint[] {
	let count = 0;
	const corners: CumulativePoint[] = [{ time: start, count }];
	for (const point of points) {
		corners.push({ time: point.time, count }, point);
		count = point.count;
	}
	return [...corners, { time: end, count }];
}

/**
 * At most one point for each of so many columns of equal width between the first and the last: the last in each, so that the
 * line is nowhere off by more than a column.
 */
export function onePerColumn(points: readonly CumulativePoint[], columns: number): readonly CumulativePoint[] {
	const start = points[0]?.time ?? 0;
	const span = (points.at(-1)?.time ?? 0) - start;
	const columnOf = ({ time }: CumulativePoint) => Math.floor(((time - start) * (columns - 1)) / span);
	return points.filter((point, index) => {
		const next = points[index + 1];
		return next === undefined || columnOf(next) > columnOf(point);
	});
}

/** At most `limit` of the points, evenly chosen, the first and the last always among them. */
export function sampled<Point>(points: readonly Point[], limit: number): readonly Point[] {
	if (points.length <= limit) return points;
	const stride = (points.length - 1) / (limit - 1);
	return Array.from({ length: limit }, (_, index) => points[Math.round(index * stride)] as Point);
}

/** Whole numbers from 0 to `most` or a little above, at most seven, in steps of 1, 2 or 5 times a power of ten. */
export function wholeTicks(most: number): number[] {
	const step = [1, 2, 5, 10]
		.map((factor) => factor * 10 ** Math.floor(Math.log10(Math.max(1, most / 5))))
		.find((candidate) => candidate * 5 >= most);
	const width = step ?? 1;
	return Array.from({ length: Math.max(1, Math.ceil(most / width)) + 1 }, (_, index) => index * width);
}
