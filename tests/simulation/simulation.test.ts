import { describe, expect, it } from 'vitest';
import { FAULTS, parseFaults } from './faults';
import { describeScale } from './scale/printScale';
import { runAtScale, type ScaleOptions } from './scale/scaleRun';
import { World } from './world';

describe('a seed', () => {
	it('is the same run each time', async () => {
		const run = () => new World({ seed: 77, nodes: 4, steps: 30, faults: parseFaults('all') }).run();
		expect(await run()).toEqual(await run());
	});

	it('may have more nodes than one node may have links', async () => {
		const report = await new World({ seed: 5, nodes: 16, steps: 12, faults: parseFaults('all') }).run();
		expect(report.healedAfterMs).toBeLessThan(600_000);
	});
});

describe('faults by name', () => {
	it('are all, none, those that are named, or all but those', () => {
		expect([...parseFaults('all')]).toEqual([...FAULTS]);
		expect([...parseFaults('none')]).toEqual([]);
		expect([...parseFaults('liars,clocks')]).toEqual(['clocks', 'liars']);
		expect([...parseFaults('-messages')]).toEqual(FAULTS.filter((fault) => fault !== 'messages'));
		expect(() => parseFaults('earthquakes')).toThrow(RangeError);
	});
});

describe('many nodes', () => {
	it('that find each other by the election alone all get every ballot and block', async () => {
		const options: ScaleOptions = {
			seed: 1,
			nodes: 20,
			ballots: 60,
			ballotsPerSecond: 10,
			mesh: 'found',
			onProgress: () => undefined
		};
		const report = await runAtScale(options);
		expect(report.links.reachable).toBe(options.nodes);
		expect(report.ballots.complete).toBe(options.ballots);
		expect(describeScale(options, report)).toContain('60 of 60 reached all');
	});
});
