import { expect, it } from 'vitest';
import { parseFaults } from './faults';
import { World } from './world';

/** Some that differ from run to run would find more, and fail on a machine where nobody can replay them. */
const GROUP = 10;
const NODES = 4;
const STEPS = 25;
const FAULTS = parseFaults('all');

/** In several files, because Vitest runs files beside each other, and tests of one file one after the other. */
export function itKeepsPromises(from: number, to: number): void {
	for (let first = from; first <= to; first += GROUP) {
		it(`four nodes keep every promise under the faults of seeds ${first} to ${first + GROUP - 1}`, async () => {
			for (let seed = first; seed < first + GROUP; seed++) {
				const report = await new World({ seed, nodes: NODES, steps: STEPS, faults: FAULTS }).run();
				expect(report.ballots).toBeGreaterThanOrEqual(0);
			}
		});
	}
}
