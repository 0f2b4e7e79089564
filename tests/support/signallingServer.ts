import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

export interface SignallingServer {
	readonly port: number;
	/** Kills the server like a power cut: sockets break, registrations are forgotten. */
	stop(): Promise<void>;
	/** Starts it again on the same port. */
	start(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 15_000;

/** The command line of `peer`, which its package exports do not name. */
const COMMAND = join(dirname(createRequire(import.meta.url).resolve('peer')), 'bin', 'peerjs.js');

/**
 * A PeerServer in a process of its own, at http://127.0.0.1:<port>/. Its pages use
 * `{ host: '127.0.0.1', port, path: '/', secure: false }`. Port 0 chooses a free one.
 */
export async function startSignalling(port: number): Promise<SignallingServer> {
	const chosen = port === 0 ? await freePort() : port;
	let child: ChildProcess | undefined;
	const killChild = (): void => void child?.kill('SIGKILL');

	const server: SignallingServer = {
		port: chosen,
		async start() {
			if (child) return;
			const args = ['--port', String(chosen), '--host', HOST, '--path', '/', '--expire_timeout', '1000'];
			child = spawn(process.execPath, [COMMAND, ...args], { stdio: 'ignore' });
			process.once('exit', killChild);
			await answering(chosen, child);
		},
		async stop() {
			if (!child) return;
			const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
			killChild();
			process.off('exit', killChild);
			await exited;
			child = undefined;
		}
	};
	await server.start();
	return server;
}

async function answering(port: number, child: ChildProcess): Promise<void> {
	const endsAt = Date.now() + START_TIMEOUT_MS;
	while (child.exitCode === null) {
		try {
			const response = await fetch(`http://${HOST}:${port}/`);
			await response.arrayBuffer();
			return;
		} catch (error) {
			if (Date.now() > endsAt) throw new Error(`No PeerServer answers at port ${port}.`, { cause: error });
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	}
	throw new Error(`The PeerServer on port ${port} ended with status ${child.exitCode}.`);
}

async function freePort(): Promise<number> {
	const probe = createServer().listen(0, HOST);
	await once(probe, 'listening');
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, 'close');
	return port;
}
