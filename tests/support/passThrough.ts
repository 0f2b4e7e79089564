import type { Network } from '../../src/lib/network/port';

/** The same network, but for what `changes` does otherwise. */
export function passThrough(network: Network, changes: Partial<Pick<Network, 'start' | 'connect' | 'claim'>>): Network {
	const same: Network = {
		get peerId() {
			return network.peerId;
		},
		get signalling() {
			return network.signalling;
		},
		start: (events) => network.start(events),
		connect: (peerId, options) => network.connect(peerId, options),
		claim: (peerId, onLost) => network.claim(peerId, onLost),
		stop: () => network.stop()
	};
	return Object.assign(same, changes);
}
