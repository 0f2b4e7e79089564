import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ensureChromium } from '../support/chromium.mjs';
import { benchCasting } from './casting.bench';
import { benchGroup } from './group.bench';
import { benchLists } from './lists.bench';
import { benchMining } from './mining.bench';
import { benchPage } from './page.bench';
import { benchPropagation } from './propagation.bench';
import type { BenchRow } from './row';
import { benchSync } from './sync.bench';
import { benchVerify } from './verify.bench';
import { benchVerifyPool } from './verifyPool.bench';
import { benchWorkHash } from './workHash.bench';

/**
 * `npm run bench` runs all benchmarks, `npm run bench -- --only sync` one; `--quick` takes fewer blocks where it
 * would take long, and `--built` the build folder as it is.
 */
const { values } = parseArgs({
	options: {
		only: { type: 'string' },
		quick: { type: 'boolean', default: false },
		built: { type: 'boolean', default: false }
	}
});

interface Bench {
	/** Whether it needs the built site. */
	readonly ofSite?: true;
	run(executablePath: string): Promise<BenchRow[]>;
}

const BENCHES: Record<string, Bench> = {
	verify: { run: () => benchVerify(values.quick) },
	pool: { run: (executablePath) => benchVerifyPool(executablePath, values.quick) },
	group: { run: () => benchGroup(values.quick) },
	work: { run: (executablePath) => benchWorkHash(executablePath, values.quick) },
	mining: { ofSite: true, run: (executablePath) => benchMining(executablePath, values.quick) },
	page: { ofSite: true, run: (executablePath) => benchPage(executablePath, values.quick) },
	propagation: { ofSite: true, run: (executablePath) => benchPropagation(executablePath, values.quick) },
	casting: { ofSite: true, run: (executablePath) => benchCasting(executablePath, values.quick) },
	sync: { ofSite: true, run: (executablePath) => benchSync(executablePath, values.quick) },
	lists: { ofSite: true, run: (executablePath) => benchLists(executablePath, values.quick) }
};

/** Prints every figure as a ratio measured in this one run, with the absolute figures beside it. */
function print(figures: readonly BenchRow[]): void {
	for (const { name, ours, theirs, ratio, unit } of figures) {
		console.log(
			`${name.padEnd(72)} ${ratio.toFixed(2).padStart(6)} ×   (${ours.toFixed(2)} against ${theirs.toFixed(2)} ${unit})`
		);
	}
}

function chosen(): Bench[] {
	if (values.only === undefined) return Object.values(BENCHES);
	const bench = BENCHES[values.only];
	if (bench) return [bench];
	console.error(`There is no benchmark "${values.only}", only ${Object.keys(BENCHES).join(', ')}.`);
	process.exit(1);
}

const benches = chosen();
const executablePath = ensureChromium();
if (!values.built && benches.some(({ ofSite }) => ofSite)) {
	execFileSync('npx', ['vite', 'build', '--logLevel', 'error'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
for (const { run } of benches) print(await run(executablePath));
process.exit(0);
