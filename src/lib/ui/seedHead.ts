/** A seed on the unit disc. */
export interface Seed {
	readonly x: number;
	readonly y: number;
}

/** The golden angle, by which each seed of a sunflower stands further round than the one before (Vogel 1979). */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/**
 * Places `count` seeds evenly on the unit disc, from the middle outwards. Four digits are less than anybody sees, and the
 * prerendered page holds them all.
 */
export function seedPositions(count: number): Seed[] {
	return Array.from({ length: count }, (_, index) => {
		const radius = Math.sqrt((index + 0.5) / count);
		return { x: round(radius * Math.cos(index * GOLDEN_ANGLE)), y: round(radius * Math.sin(index * GOLDEN_ANGLE)) };
	});
}

/** The outline of circles around these places: the data of an SVG path. */
export function seedsPath(seeds: readonly Seed[], radius: number): string {
	const [r, around] = [round(radius), round(2 * radius)];
	return seeds
		.map(({ x, y }) => `M${x} ${y}m${-r} 0a${r} ${r} 0 1 0 ${around} 0a${r} ${r} 0 1 0 ${-around} 0`)
		.join('');
}

const round = (x: number): number => Math.round(x * 10_000) / 10_000;

/** As many seeds as voters while each can still be seen, otherwise a share of this many. */
export const MAX_SEEDS = 400;

/** How many seeds to draw, and how many of them as filled; one ballot always shows. */
export function seedCounts(filled: number, total: number): { seeds: number; filled: number } {
	if (total <= MAX_SEEDS) return { seeds: total, filled: Math.min(filled, total) };
	return { seeds: MAX_SEEDS, filled: filled === 0 ? 0 : Math.max(1, Math.floor((filled / total) * MAX_SEEDS)) };
}
