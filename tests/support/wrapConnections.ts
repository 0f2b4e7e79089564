import type { Connection, Network } from '../../src/lib/network/port';

/** The same network, each connection of which passes through `wrap` before anybody uses it. */
export function wrapConnections(network: Network, wrap: (connection: Connection) => void): Network {
	const wrapped = (connection: Connection): Connection => {
		wrap(connection);
		return connection;
	};
	return {
		get peerId() {
			return network.peerId;
		},
		get signalling() {
			return network.signalling;
		},
		start: (events) =>
			network.start({
				connection: (connection) => events.connection(wrapped(connection)),
				signalling: (state) => events.signalling(state)
			}),
		connect: async (peerId, options) => wrapped(await network.connect(peerId, options)),
		claim: (peerId, onLost) => network.claim(peerId, onLost),
		stop: () => network.stop()
	};
}
