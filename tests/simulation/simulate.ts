import { parseArgs } from 'node:util';
import { World } from './world';

/** Runs seeds until one breaks a promise: `npm run simulate -- --seeds 1000 --nodes 6 --from 1`. */
const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '200' },
		nodes: { type: 'string', default: '4' },
		steps: { type: 'string', default: '30' },
		from: { type: 'string', default: '1' }
	}
});
const [seeds, nodes, steps, from] = [values.seeds, values.nodes, values.steps, values.from].map(Number) as [
	number,
	number,
	number,
	number
];

const healed: number[] = [];
let ballots = 0;
for (let done = 0; done < seeds; done++) {
	const report = await new World({ seed: from + done, nodes, steps }).run();
	healed.push(report.healedAfterMs);
	ballots += report.ballots;
	const bar = '='.repeat(Math.floor((30 * (done + 1)) / seeds)).padEnd(30);
	process.stderr.write(`\r[${bar}] ${done + 1} of ${seeds} seeds`);
}
healed.sort((a, b) => a - b);
const at = (share: number) => ((healed[Math.floor(share * (healed.length - 1))] ?? 0) / 1000).toFixed(0);
process.stderr.write('\n');
console.log(
	`${seeds} seeds with ${nodes} nodes: every promise kept, ${ballots} ballots counted; agreed and at rest ` +
		`${at(0.5)} s (median) to ${at(1)} s (longest) of virtual time after the last fault.`
);
