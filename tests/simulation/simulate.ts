import { parseArgs } from 'node:util';
import { parseFaults } from './faults';
import { progressBar } from './progressBar';
import { describeScale } from './scale/printScale';
import { runAtScale, type ScaleOptions } from './scale/scaleRun';
import { World } from './world';

/**
 * Runs seeds until one breaks a promise: `npm run simulate -- --seeds 1000 --nodes 6 --from 1 --faults all`. Or one run of many
 * nodes without faults, to see how fast things spread: `npm run simulate -- --scale --nodes 100 --ballots 1000`.
 */
const { values } = parseArgs({
	options: {
		seeds: { type: 'string', default: '200' },
		nodes: { type: 'string', default: '4' },
		steps: { type: 'string', default: '30' },
		from: { type: 'string', default: '1' },
		faults: { type: 'string', default: 'all' },
		scale: { type: 'boolean', default: false },
		ballots: { type: 'string', default: '1000' },
		rate: { type: 'string', default: '100' },
		mesh: { type: 'string', default: 'given' }
	}
});

await (values.scale ? simulateScale() : simulateSeeds());

async function simulateSeeds(): Promise<void> {
	const [seeds, nodes, steps, from] = [values.seeds, values.nodes, values.steps, values.from].map(Number) as [
		number,
		number,
		number,
		number
	];
	const faults = parseFaults(values.faults);
	const healed: number[] = [];
	let ballots = 0;
	const bar = progressBar('seeds');
	for (let done = 0; done < seeds; done++) {
		const report = await new World({ seed: from + done, nodes, steps, faults }).run();
		healed.push(report.healedAfterMs);
		ballots += report.ballots;
		bar(done + 1, seeds);
	}
	healed.sort((a, b) => a - b);
	const at = (share: number) => ((healed[Math.floor(share * (healed.length - 1))] ?? 0) / 1000).toFixed(0);
	print(
		`${seeds} seeds with ${nodes} nodes: every promise kept, ${ballots} ballots counted; agreed and at rest ` +
			`${at(0.5)} s (median) to ${at(1)} s (longest) of virtual time after the last fault.`
	);
}

async function simulateScale(): Promise<void> {
	const casting = new AbortController();
	// The first Ctrl-C ends the casting, and what was cast is still reported on; a second one ends it all.
	process.once('SIGINT', () => casting.abort());
	const bars = { nodes: progressBar('nodes'), ballots: progressBar('ballots everywhere') };
	const options: ScaleOptions = {
		seed: Number(values.from),
		nodes: Number(values.nodes),
		ballots: Number(values.ballots),
		ballotsPerSecond: Number(values.rate),
		mesh: values.mesh === 'found' ? 'found' : 'given',
		signal: casting.signal,
		onProgress: (stage, done, total, remark) => bars[stage](done, total, remark)
	};
	print(describeScale(options, await runAtScale(options)));
}

function print(text: string): void {
	process.stderr.write('\n');
	console.log(text);
}
