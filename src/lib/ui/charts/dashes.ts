const DASHES = ['none', '6 5', '1.5 5'] as const;

/** How the line of a series is broken, so that series are told apart without colour: an SVG `stroke-dasharray`. */
export function dashOf(series: number): string {
	return DASHES[series % DASHES.length]!;
}
