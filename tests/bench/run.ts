import { ensureChromium } from '../support/chromium.mjs';
import type { BenchRow } from './row';
import { benchVerify } from './verify.bench';
import { benchWorkHash } from './workHash.bench';

/** Prints every figure as a ratio measured in this one run, with the absolute figures beside it. */
function print(figures: readonly BenchRow[]): void {
	for (const { name, ours, theirs, ratio, unit } of figures) {
		console.log(
			`${name.padEnd(64)} ${ratio.toFixed(2).padStart(6)} ×   (${ours.toFixed(2)} against ${theirs.toFixed(2)} ${unit})`
		);
	}
}

print(await benchWorkHash(ensureChromium()));
print(await benchVerify());
process.exit(0);
