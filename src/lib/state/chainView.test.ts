import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { BlockHash } from '../bytes/hash';
import type { BlockJson } from '../election/json';
import type { NodeSnapshot } from '../node/api';
import { ChainView } from './chainView.svelte';

/** A chain whose blocks are named after their height and what chain they began on, as hashes are. */
function chainOf(length: number, name = 'a', below: readonly BlockJson[] = []): BlockJson[] {
	const chain = [...below];
	while (chain.length < length) {
		const height = chain.length;
		const previousHash = (chain.at(-1)?.hash ?? 'none') as BlockHash;
		chain.push({ height, hash: `${name}${height}` as BlockHash, previousHash } as BlockJson);
	}
	return chain;
}

function setUp(length: number) {
	const node = { chain: chainOf(length) };
	const blocks = vi.fn((from = 0, limit = Infinity) => {
		const read = node.chain.slice(from, from + limit);
		return Promise.resolve().then(() => read);
	});
	const tipOf = ({ height, hash }: BlockJson) => ({ height, tip: hash }) as NodeSnapshot;
	const view = new ChainView({ blocks, snapshot: () => tipOf(node.chain.at(-1)!) });
	const hashes = (first: number, end: number) =>
		Array.from({ length: end - first }, (_, index) => view.blockAt(first + index)?.hash);
	const kept = () => hashes(0, view.length).filter((hash) => hash !== undefined).length;
	return {
		node,
		blocks,
		view,
		hashes,
		kept,
		readHeights: () => blocks.mock.calls.map(([from, limit]) => [from, limit])
	};
}

describe('ChainView', () => {
	it('knows how long the chain is without reading any of it', async () => {
		const { view, blocks } = setUp(2_000);
		await view.refresh();
		expect(view.length).toBe(2_000);
		expect(blocks).not.toHaveBeenCalled();
	});

	it('reads what is in view, wherever that is, and nothing between', async () => {
		const { view, hashes, readHeights } = setUp(2_000);
		await view.show(1_997, 2_000);
		await view.show(6, 9);
		expect(hashes(6, 9)).toEqual(['a6', 'a7', 'a8']);
		expect(hashes(1_997, 2_000)).toEqual(['a1997', 'a1998', 'a1999']);
		expect(view.blockAt(1_000)).toBeUndefined();
		expect(readHeights()).toEqual([
			[1_997, 3],
			[6, 3]
		]);
	});

	it('reads only what came into view, and what passed by while it was reading not at all', async () => {
		const { view, blocks, readHeights } = setUp(2_000);
		await view.show(100, 104);
		const reading = view.show(102, 106);
		await expect.poll(() => blocks).toHaveBeenCalledTimes(2);
		await Promise.all([reading, view.show(500, 504), view.show(900, 904)]);
		expect(readHeights()).toEqual([
			[100, 4],
			[104, 2],
			[900, 4]
		]);
	});

	it('reads much in parts, and gaps alone', async () => {
		const { view, hashes, readHeights } = setUp(30);
		await view.show(4, 6);
		await view.show(0, 30);
		expect(hashes(0, 30)).toEqual(chainOf(30).map(({ hash }) => hash));
		expect(readHeights()).toEqual([
			[4, 2],
			[14, 16],
			[6, 8],
			[0, 4]
		]);
	});

	it('has nothing to show of heights that the chain does not have', async () => {
		const { view, blocks } = setUp(3);
		await view.show(7, 9);
		expect(view.blockAt(7)).toBeUndefined();
		expect(blocks).not.toHaveBeenCalled();
	});

	it('reads one block when new ones come, however many', async () => {
		const { node, view, blocks, hashes } = setUp(50);
		await view.show(10, 14);
		blocks.mockClear();
		node.chain = chainOf(90, 'a', node.chain);
		await view.refresh();
		expect(view.length).toBe(90);
		expect(hashes(10, 14)).toEqual(['a10', 'a11', 'a12', 'a13']);
		expect(blocks.mock.calls).toEqual([[50, 1]]);
	});

	it('reads what is in view again when the chain was reorganised, and shows it until then', async () => {
		const { node, view, hashes } = setUp(50);
		await view.show(40, 44);
		node.chain = chainOf(51, 'b', node.chain.slice(0, 42));
		const refreshed = view.refresh();
		expect(hashes(40, 44)).toEqual(['a40', 'a41', 'a42', 'a43']);
		await refreshed;
		expect(hashes(40, 44)).toEqual(['a40', 'a41', 'b42', 'b43']);
	});

	it('follows to a better chain that is shorter', async () => {
		const { node, view, hashes } = setUp(50);
		await view.show(45, 50);
		node.chain = chainOf(47, 'b', node.chain.slice(0, 20));
		await view.refresh();
		expect(view.length).toBe(47);
		expect(hashes(45, 47)).toEqual(['b45', 'b46']);
	});

	it('keeps few blocks, those in view always', async () => {
		const { view, kept, hashes } = setUp(2_000);
		for (let first = 0; first < 1_000; first += 5) await view.show(first, first + 8);
		expect(kept()).toBeLessThanOrEqual(48);
		expect(hashes(995, 1_003)).not.toContain(undefined);
		await view.show(100, 300);
		expect(hashes(100, 300)).not.toContain(undefined);
	});

	it('shows what is in view as the node has it, whatever happens to the chain', async () => {
		const step = fc.oneof(
			fc.record({ kind: fc.constant('show' as const), first: fc.nat(60), span: fc.nat(12) }),
			fc.record({ kind: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 30 }) }),
			fc.record({ kind: fc.constant('fork' as const), at: fc.nat(60), by: fc.integer({ min: 1, max: 30 }) })
		);
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(12)), { maxLength: 30 }), async (steps) => {
				const { node, view, kept } = setUp(20);
				const calls: Promise<void>[] = [];
				let inView = { first: 0, end: 0 };
				for (const [[action, turns], index] of steps.map((each, index) => [each, index] as const)) {
					if (action.kind === 'show') {
						inView = { first: action.first, end: action.first + action.span };
						calls.push(view.show(inView.first, inView.end));
					} else {
						const stem = action.kind === 'fork' ? node.chain.slice(0, 1 + action.at) : node.chain;
						node.chain = chainOf(stem.length + action.by, `c${index}-`, stem);
						calls.push(view.refresh());
					}
					for (let turn = 0; turn < turns; turn++) await Promise.resolve();
				}
				calls.push(view.show(inView.first, inView.end));
				await Promise.all(calls);
				expect(view.length).toBe(node.chain.length);
				for (let height = inView.first; height < Math.min(inView.end, view.length); height++) {
					expect(view.blockAt(height)).toEqual(node.chain[height]);
				}
				expect(kept()).toBeLessThanOrEqual(48);
			})
		);
	});

	it('reads what came into view at whatever moment', async () => {
		for (let turns = 0; turns < 20; turns++) {
			const { view } = setUp(50);
			void view.show(0, 2);
			for (let turn = 0; turn < turns; turn++) await Promise.resolve();
			await view.show(20, 21);
			expect(view.blockAt(20), `${turns} turns`).toBeDefined();
		}
	});

	it('reads again after a reading that failed', async () => {
		const { blocks, view, hashes } = setUp(1);
		blocks.mockRejectedValueOnce(new Error('disk'));
		await expect(view.show(0, 1)).rejects.toThrow('disk');
		await view.show(0, 1);
		expect(hashes(0, 1)).toEqual(['a0']);
	});
});
