import type { ScaleOptions, ScaleReport } from './scaleRun';
import type { Spread } from './spread';

/** What a run at scale has shown, as text. */
export function describeScale({ nodes, mesh, ballotsPerSecond }: ScaleOptions, report: ScaleReport): string {
	const { links, cast, traffic, virtualMs, realMs, peakBytes } = report;
	const names = [...traffic.byName].sort(([, a], [, b]) => b - a).map(([name, count]) => `${name} ${perNode(count)}`);
	function perNode(count: number): string {
		return Math.round(count / nodes).toLocaleString('en');
	}
	return [
		`${nodes} nodes, ${cast} ballots at ${ballotsPerSecond} a second, mesh ${mesh}: ` +
			`${links.fewest} to ${links.most} links (mean ${links.mean.toFixed(1)}), ${links.reachable} nodes reachable from the first`,
		`ballots reach ${describeSpread(report.ballots)}`,
		`blocks reach  ${describeSpread(report.blocks)}`,
		`each node sent ${perNode(traffic.messages)} messages, ${(traffic.bytes / nodes / 2 ** 20).toFixed(2)} MiB: ${names.join(', ')}`,
		`${seconds(virtualMs)} s of virtual time from the first ballot until all had all; ` +
			`the run took ${seconds(realMs)} s and at most ${(peakBytes / 2 ** 30).toFixed(1)} GiB`
	].join('\n');
}

function describeSpread(spread: Spread): string {
	const shares = spread
		.summary()
		.map(
			({ share, reached, medianMs, longestMs }) =>
				`${share * 100} % of nodes after ${seconds(medianMs)} s (median of ${reached}; longest ${seconds(longestMs)} s)`
		);
	return `${shares.join(', ')}; ${spread.complete} of ${spread.size} reached all`;
}

function seconds(ms: number | undefined): string {
	return ms === undefined ? '-' : (ms / 1_000).toFixed(2);
}
