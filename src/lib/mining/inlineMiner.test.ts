import { describe, expect, it } from 'vitest';
import { InlineMiner } from './inlineMiner';
import { describeMiner } from './miner.contract';

describeMiner('InlineMiner', () => new InlineMiner());

describe('InlineMiner', () => {
	it('lets timers run while it mines', async () => {
		const miner = new InlineMiner();
		void miner.mine({ header: new Uint8Array(117), target: 0n });
		const ticksMeanwhile = async () => {
			let ticks = 0;
			const interval = setInterval(() => ticks++, 10);
			await new Promise((resolve) => setTimeout(resolve, 300));
			clearInterval(interval);
			return ticks;
		};
		// More than once, because the machine may stand still for a while, but not each time.
		await expect.poll(ticksMeanwhile).toBeGreaterThan(5);
		miner.close();
	});
});
