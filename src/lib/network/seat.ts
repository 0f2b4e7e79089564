import type { Peer } from 'peerjs';
import { PollenError } from '../errors/pollenError';
import { REGISTRATION_TIMEOUT_MS } from './limits';
import type { Claim } from './port';

/**
 * Waits until a PeerJS peer is registered under the well-known ID that it was made for; undefined when somebody else holds it.
 * Rejects with signalling-unreachable. The peer is only ever disconnected from the server, so that links which came by it stay.
 * @param onLost called once when the registration has ended by itself
 */
export function untilClaimed(peer: Peer, onLost: () => void): Promise<Claim | undefined> {
	return new Promise((resolve, reject) => {
		let state: 'waiting' | 'held' | 'over' = 'waiting';
		const unreachable = (cause?: unknown) =>
			new PollenError('signalling-unreachable', 'The signalling server cannot be reached.', { cause });
		const giveUp = (): void => {
			clearTimeout(timer);
			state = 'over';
			peer.disconnect();
		};
		const timer = setTimeout(() => {
			giveUp();
			reject(unreachable());
		}, REGISTRATION_TIMEOUT_MS);
		peer.on('open', () => {
			if (state !== 'waiting') return;
			clearTimeout(timer);
			state = 'held';
			resolve({ release: giveUp });
		});
		peer.on('error', (error) => {
			// Errors about one connection, or about a peer that is gone, say nothing about the registration.
			if (state !== 'waiting' || error.type === 'webrtc' || error.type === 'peer-unavailable') return;
			giveUp();
			if (error.type === 'unavailable-id') resolve(undefined);
			else reject(unreachable(error));
		});
		peer.on('disconnected', () => {
			if (state !== 'held') return;
			state = 'over';
			onLost();
		});
	});
}
