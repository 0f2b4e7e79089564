import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BlockHash } from '../bytes/hash';
import type { NodeSnapshot, PollenNode } from '../node/api';
import { NodeView } from './nodeView.svelte';

let frames: (() => void)[];

beforeEach(() => {
	frames = [];
	vi.useFakeTimers();
	vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
	vi.stubGlobal('cancelAnimationFrame', (handle: number) => frames.splice(handle - 1, 1));
});

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

function setUp() {
	let tip = 'one' as BlockHash;
	let sync = { state: 'idle', done: 0, total: 0 };
	let change = () => {};
	const unsubscribe = vi.fn();
	const node = {
		election: {},
		snapshot: vi.fn(() => ({ tip, sync }) as NodeSnapshot),
		results: vi.fn(() => ({})),
		ballots: vi.fn(() => []),
		subscribe: (listener: () => void) => {
			change = listener;
			return unsubscribe;
		}
	};
	const view = new NodeView(node as unknown as PollenNode);
	return {
		node,
		view,
		unsubscribe,
		change: () => change(),
		moveTip: (to: string) => (tip = to as BlockHash),
		fetchBlocks: (done: number, total: number) => (sync = { state: 'blocks', done, total }),
		catchUp: () => (sync = { state: 'idle', done: 0, total: 0 })
	};
}

describe('NodeView', () => {
	it('reads the node once a frame, however often it changes', () => {
		const { node, view, change, moveTip } = setUp();
		moveTip('two');
		change();
		change();
		expect(view.snapshot.tip).toBe('one');
		expect(frames).toHaveLength(1);
		frames[0]?.();
		expect(view.snapshot.tip).toBe('two');
		expect(node.snapshot).toHaveBeenCalledTimes(2);
	});

	it('counts again only when the tip moved', () => {
		const { node, view, change, moveTip } = setUp();
		const look = () => [view.results, view.results, view.ballots];
		look();
		change();
		frames[0]?.();
		look();
		expect(node.results).toHaveBeenCalledTimes(1);
		moveTip('two');
		change();
		frames.at(-1)?.();
		look();
		expect(node.results).toHaveBeenCalledTimes(2);
		expect(node.ballots).toHaveBeenCalledTimes(2);
	});

	it('counts nothing as long as nobody looks', () => {
		const { node, change, moveTip } = setUp();
		moveTip('two');
		change();
		frames[0]?.();
		expect(node.results).not.toHaveBeenCalled();
		expect(node.ballots).not.toHaveBeenCalled();
	});

	it('keeps up in a hidden tab, which gets no frames', () => {
		const { view, change, moveTip } = setUp();
		moveTip('two');
		change();
		vi.advanceTimersByTime(1000);
		expect(view.snapshot.tip).toBe('two');
	});

	it('is renewed less often while its node has many blocks to fetch, and not at all too late', () => {
		const { node, view, change, moveTip, fetchBlocks, catchUp } = setUp();
		const drawFrame = () => frames.splice(0).forEach((run) => run());
		fetchBlocks(0, 1_000);
		change();
		drawFrame();
		moveTip('two');
		for (let step = 0; step < 10; step++) {
			change();
			drawFrame();
		}
		expect(node.snapshot).toHaveBeenCalledTimes(2);
		vi.advanceTimersByTime(250);
		catchUp();
		drawFrame();
		expect(view.snapshot.tip).toBe('two');
		moveTip('three');
		change();
		drawFrame();
		expect(view.snapshot.tip).toBe('three');
	});

	it('counts but does not list until its node has the many blocks that it had to fetch', () => {
		const { node, view, change, moveTip, fetchBlocks, catchUp } = setUp();
		const look = () => {
			vi.advanceTimersByTime(250);
			change();
			frames.at(-1)?.();
			void [view.results, view.ballots];
			return [view.isFarBehind, node.results.mock.calls.length, node.ballots.mock.calls.length];
		};
		expect(look()).toEqual([false, 1, 1]);
		fetchBlocks(500, 1_000);
		moveTip('two');
		expect(look()).toEqual([true, 2, 1]);
		fetchBlocks(999, 1_000);
		moveTip('three');
		expect(look(), 'headers after these may still come').toEqual([true, 3, 1]);
		catchUp();
		expect(look()).toEqual([false, 3, 2]);
		fetchBlocks(0, 1);
		moveTip('four');
		expect(look(), 'one block').toEqual([false, 4, 3]);
	});

	it('stops when it is closed', () => {
		const { node, view, unsubscribe, change } = setUp();
		change();
		view.close();
		vi.advanceTimersByTime(1000);
		expect(unsubscribe).toHaveBeenCalledOnce();
		expect(node.snapshot).toHaveBeenCalledTimes(1);
	});
});
