import { describe, expect, it, vi } from 'vitest';
import { PollenError } from '../errors/pollenError';
import type { NodeSnapshot, PollenNode } from '../node/api';
import { NetworkDesk } from './networkDesk.svelte';

function setUp(peers: readonly { state: string }[] = []) {
	const node = {
		link: vi.fn<PollenNode['link']>(() => Promise.resolve()),
		mine: vi.fn<PollenNode['mine']>(() => Promise.resolve(null)),
		resync: vi.fn<PollenNode['resync']>(() => Promise.resolve()),
		setLabel: vi.fn<PollenNode['setLabel']>(() => Promise.resolve()),
		snapshot: () => ({ peers }) as unknown as NodeSnapshot
	};
	return { node, desk: new NetworkDesk(node) };
}

describe('NetworkDesk', () => {
	it('says whether the link stands', async () => {
		const { node, desk } = setUp();
		expect(await desk.link('abc')).toBe(true);
		expect(desk.outcome).toEqual({ kind: 'linked' });
		node.link.mockRejectedValue(new PollenError('unknown-peer'));
		expect(await desk.link('abc')).toBe(false);
		expect(desk.outcome).toBeUndefined();
		expect(desk.problem).toEqual({ at: 'link', code: 'unknown-peer' });
	});

	it('is busy with one thing without holding up another', async () => {
		const { node, desk } = setUp();
		let linked = () => {};
		node.link.mockReturnValue(new Promise((resolve) => (linked = resolve)));
		const linking = desk.link('abc');
		await desk.mine();
		expect([desk.isBusy('link'), desk.isBusy('mine')]).toEqual([true, false]);
		linked();
		await linking;
		expect(desk.isBusy('link')).toBe(false);
	});

	it('says what was mined, or that nothing was there to mine', async () => {
		const { node, desk } = setUp();
		await desk.mine();
		expect(desk.outcome).toEqual({ kind: 'nothing-to-mine' });
		node.mine.mockResolvedValue({ height: 7 } as Awaited<ReturnType<PollenNode['mine']>>);
		await desk.mine();
		expect(desk.outcome).toEqual({ kind: 'mined', height: 7 });
	});

	it('counts only linked peers as asked', async () => {
		const asked = setUp([{ state: 'linked' }, { state: 'waiting' }]);
		await asked.desk.resync();
		expect(asked.desk.outcome).toEqual({ kind: 'resynced', peers: 1 });
		const alone = setUp([{ state: 'dialling' }]);
		await alone.desk.resync();
		expect(alone.desk.outcome).toEqual({ kind: 'alone' });
	});
});
