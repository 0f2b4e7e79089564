import { PollenError } from '../errors/pollenError';
import { MiningLoop } from './miningLoop';
import { nextTurn } from './nextTurn';
import type { MiningJob } from './port';
import { subtleDigest } from './subtleWorkHash';
import type { MiningChannel } from './workerMessages';

/** Answers mining requests on a channel. Apart from the worker's module, so that tests can run it without a worker. */
export function serveMining(channel: MiningChannel): void {
	const loop = new MiningLoop({ digest: subtleDigest, nextTurn, nowMs: () => performance.now() });
	loop.onProgress = (progress) => channel.postMessage({ type: 'progress', progress });
	channel.onmessage = ({ data: request }) => {
		if (request.type === 'stop') loop.stop();
		else void serveJob(loop, channel, request.id, request.job);
	};
}

async function serveJob(loop: MiningLoop, channel: MiningChannel, id: number, job: MiningJob): Promise<void> {
	try {
		const result = await loop.mine(job);
		if (result !== undefined) channel.postMessage({ type: 'found', id, result });
	} catch (error) {
		// Structured cloning would keep neither the class nor the code of the error.
		const { code, message } = error instanceof PollenError ? error : new PollenError('worker-failed', String(error));
		channel.postMessage({ type: 'failed', id, code, message });
	}
}
