const WIDTH = 30;

/** Draws a bar in place, on standard error; ends the line when all is done. */
export function showProgress(done: number, total: number, what: string): void {
	const bar = '='.repeat(Math.floor((WIDTH * done) / total)).padEnd(WIDTH);
	process.stderr.write(`\r[${bar}] ${done} of ${total} ${what}${done === total ? '\n' : ''}`);
}
