import { describe, expect, it } from 'vitest';
import { MAX_SEEDS, seedCounts, seedPositions, seedsPath } from './seedHead';

describe('seed head', () => {
	it('keeps every seed on the disc and apart from the others', () => {
		const seeds = seedPositions(100);
		for (const [index, seed] of seeds.entries()) {
			expect(Math.hypot(seed.x, seed.y)).toBeLessThanOrEqual(1);
			for (const other of seeds.slice(index + 1)) {
				expect(Math.hypot(seed.x - other.x, seed.y - other.y)).toBeGreaterThan(0.1);
			}
		}
	});

	it('draws one seed a voter while they fit', () => {
		expect(seedCounts(4, 15)).toEqual({ seeds: 15, filled: 4 });
	});

	it('draws shares of large rolls, and never hides the first ballot', () => {
		expect(seedCounts(1, 1_000_000)).toEqual({ seeds: MAX_SEEDS, filled: 1 });
		expect(seedCounts(0, 1_000_000)).toEqual({ seeds: MAX_SEEDS, filled: 0 });
		expect(seedCounts(500_000, 1_000_000)).toEqual({ seeds: MAX_SEEDS, filled: 200 });
	});

	it('outlines each of many seeds as two half circles', () => {
		expect(seedsPath([{ x: 0, y: 0.5 }], 0.1)).toBe('M0 0.5m-0.1 0a0.1 0.1 0 1 0 0.2 0a0.1 0.1 0 1 0 -0.2 0');
		expect(seedsPath(seedPositions(MAX_SEEDS), 0.04).match(/M/g)).toHaveLength(MAX_SEEDS);
		expect(seedsPath([], 0.1)).toBe('');
	});
});
