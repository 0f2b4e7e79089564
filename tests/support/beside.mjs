import { spawn } from 'node:child_process';

/**
 * Runs npm scripts beside each other: `node tests/support/beside.mjs lint check test:all`. The first ones have a process each and
 * are done when the browser tests of the last one begin, which have the machine to themselves then. The last one speaks as it
 * goes; what others say is printed as a whole when they end. As soon as one fails, all are ended, and so is this with code 1.
 */
const scripts = process.argv.slice(2);
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
scripts.forEach((script, index) => start(script, index === scripts.length - 1));

/**
 * @param {string} script
 * @param {boolean} isLoud
 */
function start(script, isLoud) {
	const child = spawn('npm', ['run', script], {
		shell: process.platform === 'win32',
		stdio: isLoud ? 'inherit' : ['ignore', 'pipe', 'pipe']
	});
	running.add(child);
	/** @type {Buffer[]} */
	const said = [];
	for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(data));
	child.on('error', (error) => said.push(Buffer.from(`${error}\n`)));
	child.on('close', (code) => {
		running.delete(child);
		process.stdout.write(Buffer.concat(said));
		if (code === 0) return;
		process.exitCode = 1;
		for (const other of running) other.kill();
	});
}
