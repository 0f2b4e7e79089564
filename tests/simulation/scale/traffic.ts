import type { Network } from '../../../src/lib/network/port';
import { FRAME_HEADER_BYTES } from '../../../src/lib/wire/limits';
import { messageName } from '../../../src/lib/wire/messages';
import { wrapConnections } from '../../support/wrapConnections';

/** Counts what nodes say: each message once, by the node that sends it. */
export class Traffic {
	messages = 0;
	bytes = 0;
	readonly byName = new Map<string, number>();

	/** The same network, counted. */
	count(network: Network): Network {
		return wrapConnections(network, (connection) => {
			const send = connection.send.bind(connection);
			let missingBytes = 0;
			connection.send = (piece) => {
				this.bytes += piece.length;
				if (missingBytes === 0) missingBytes = FRAME_HEADER_BYTES + this.#begin(piece);
				missingBytes -= piece.length;
				send(piece);
			};
		});
	}

	/** Forgets what was said so far. */
	reset(): void {
		this.messages = 0;
		this.bytes = 0;
		this.byName.clear();
	}

	#begin(piece: Uint8Array): number {
		const name = messageName(piece[1] ?? 0) ?? 'unknown';
		this.messages += 1;
		this.byName.set(name, (this.byName.get(name) ?? 0) + 1);
		return new DataView(piece.buffer, piece.byteOffset).getUint32(2);
	}
}
