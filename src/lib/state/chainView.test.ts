import { describe, expect, it, vi } from 'vitest';
import type { BlockJson } from '../election/json';
import type { NodeSnapshot } from '../node/api';
import { ChainView } from './chainView.svelte';

function setUp(length: number) {
	const chain = Array.from({ length }, (_, height) => ({ height }) as BlockJson);
	const blocks = vi.fn((from = 0) => Promise.resolve(chain.slice(from)));
	const view = new ChainView({ blocks, snapshot: () => ({ height: chain.length - 1 }) as NodeSnapshot });
	return { chain, blocks, view, heights: () => view.blocks.map((block) => block.height) };
}

describe('ChainView', () => {
	it('shows the newest blocks first, and older ones when asked', async () => {
		const { view, heights } = setUp(30);
		await view.refresh();
		expect(heights()).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18]);
		expect(view.hasOlder).toBe(true);
		await view.showOlder();
		await view.showOlder();
		expect(heights()).toHaveLength(30);
		expect(view.hasOlder).toBe(false);
	});

	it('shows a short chain whole', async () => {
		const { view, heights } = setUp(2);
		await view.refresh();
		expect(heights()).toEqual([1, 0]);
		expect(view.hasOlder).toBe(false);
	});

	it('reads once more for any number of changes meanwhile, and ends with the newest', async () => {
		const { chain, blocks, view, heights } = setUp(2);
		const first = view.refresh();
		chain.push({ height: 2 } as BlockJson);
		await Promise.all([first, view.refresh(), view.refresh()]);
		expect(blocks).toHaveBeenCalledTimes(2);
		expect(heights()).toEqual([2, 1, 0]);
	});

	it('reaches back to a block that a link names', async () => {
		const { view, heights } = setUp(40);
		await view.show(3);
		expect(heights().at(-1)).toBe(3);
	});

	it('reads again after a reading that failed', async () => {
		const { blocks, view, heights } = setUp(1);
		blocks.mockRejectedValueOnce(new Error('disk'));
		await expect(view.refresh()).rejects.toThrow('disk');
		await view.refresh();
		expect(heights()).toEqual([0]);
	});
});
