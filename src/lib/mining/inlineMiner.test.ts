import { describe, expect, it } from 'vitest';
import { InlineMiner } from './inlineMiner';
import { describeMiner } from './miner.contract';

describeMiner('InlineMiner', () => new InlineMiner());

describe('InlineMiner', () => {
	it('lets timers run while it mines', async () => {
		const miner = new InlineMiner();
		void miner.mine({ header: new Uint8Array(117), target: 0n });
		let ticks = 0;
		const interval = setInterval(() => ticks++, 10);
		await expect.poll(() => ticks).toBeGreaterThan(5);
		clearInterval(interval);
		miner.close();
	});
});
