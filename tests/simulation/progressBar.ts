const WIDTH = 30;

/** Draws how much of something is done, on the line it stands on, when that has changed enough to be seen. */
export function progressBar(unit: string): (done: number, total: number, remark?: string) => void {
	let drawn = -1;
	return (done, total, remark = '') => {
		// A terminal is drawn on often; a file gets a line for each percent.
		const steps = process.stderr.isTTY ? 1_000 : 100;
		const step = Math.floor((steps * done) / total);
		if (step === drawn) return;
		drawn = step;
		const bar = '='.repeat(Math.floor((WIDTH * done) / total)).padEnd(WIDTH);
		process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}[${bar}] ${done} of ${total} ${unit} ${remark}`);
		if (!process.stderr.isTTY) process.stderr.write('\n');
	};
}
