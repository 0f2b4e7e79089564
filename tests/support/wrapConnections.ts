import type { Connection, Network } from '../../src/lib/network/port';
import { passThrough } from './passThrough';

/** The same network, each connection of which passes through `wrap` before anybody uses it. */
export function wrapConnections(network: Network, wrap: (connection: Connection) => void): Network {
	const wrapped = (connection: Connection): Connection => {
		wrap(connection);
		return connection;
	};
	return passThrough(network, {
		start: (events) =>
			network.start({
				connection: (connection) => events.connection(wrapped(connection)),
				signalling: (state) => events.signalling(state)
			}),
		connect: async (peerId, options) => wrapped(await network.connect(peerId, options))
	});
}
