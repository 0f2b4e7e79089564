import type { DataConnection } from 'peerjs';
import { PollenError } from '../errors/pollenError';
import { OPEN_TIMEOUT_MS } from './limits';

/**
 * Resolves when a data connection is open with a channel that is reliable and ordered. PeerJS has no time limit of its
 * own, and says nothing when a connection is closed before it opened. Otherwise the connection is closed, and the
 * promise rejects with what `signal` was aborted with, or with peer-timeout.
 */
export function untilOpen(connection: DataConnection, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		function finish(error: PollenError | undefined): void {
			clearTimeout(timeout);
			signal.removeEventListener('abort', onAbort);
			connection.off('open', onOpen);
			connection.off('error', onError);
			if (!error) return resolve();
			connection.close();
			reject(error);
		}
		function onOpen(): void {
			const { ordered, maxRetransmits, maxPacketLifeTime } = connection.dataChannel;
			const reliable = ordered && maxRetransmits === null && maxPacketLifeTime === null;
			finish(reliable ? undefined : new PollenError('other-protocol', 'The peer opened an unreliable channel.'));
		}
		function onError(error: Error): void {
			finish(new PollenError('peer-timeout', 'No connection to the peer could be made.', { cause: error }));
		}
		function onAbort(): void {
			finish(signal.reason as PollenError);
		}
		const timeout = setTimeout(() => {
			finish(new PollenError('peer-timeout', `The peer did not answer within ${OPEN_TIMEOUT_MS / 1000} s.`));
		}, OPEN_TIMEOUT_MS);
		connection.on('open', onOpen);
		connection.on('error', onError);
		if (signal.aborted) onAbort();
		else signal.addEventListener('abort', onAbort);
	});
}
