import { ZERO_HASH, type ElectionId } from '../../src/lib/bytes/hash';
import type { ErrorCode } from '../../src/lib/errors/pollenError';
import type { Connection, Network, PeerId } from '../../src/lib/network/port';
import { encodeFrame, FrameReader } from '../../src/lib/wire/frame';
import { PROTOCOL_VERSION } from '../../src/lib/wire/limits';
import type { Hello, MessageName, MessageOf, WireMessage } from '../../src/lib/wire/messages';
import type { Turns } from './turns';

/** One link of a raw peer. */
export class RawLink {
	readonly received: WireMessage[] = [];
	isClosed = false;
	/** Answers pings unless told not to. */
	isDead = false;
	/** Called with each message, after it was noted. */
	onMessage: ((message: WireMessage) => void) | undefined;

	constructor(readonly connection: Connection) {
		const reader = new FrameReader();
		connection.onPiece = (piece) => {
			const message = reader.push(piece);
			if (!message) return;
			this.received.push(message);
			if (message.type === 'ping' && !this.isDead) this.send({ type: 'pong', id: message.id });
			this.onMessage?.(message);
		};
		connection.onClose = () => (this.isClosed = true);
	}

	/** The code of the node's goodbye, if it said one. */
	get bye(): ErrorCode | undefined {
		return this.of('bye').at(-1)?.code;
	}

	of<Name extends MessageName>(name: Name): MessageOf<Name>[] {
		return this.received.filter(({ type }) => type === name) as MessageOf<Name>[];
	}

	send(message: WireMessage): void {
		for (const piece of encodeFrame(message)) this.connection.send(piece);
	}

	/** Sends bytes as they are. */
	piece(...bytes: number[]): void {
		this.connection.send(Uint8Array.from(bytes));
	}
}

/** A peer without a node behind it: it says what a test makes it say, right or wrong. */
export class RawPeer {
	readonly links: RawLink[] = [];
	/** Set to greet whoever dials this peer. */
	onLink: ((link: RawLink) => void) | undefined;

	constructor(
		readonly network: Network,
		private readonly turns: Turns,
		private readonly electionId: ElectionId
	) {
		network.start({
			connection: (connection) => this.onLink?.(this.#add(connection)),
			signalling: () => undefined
		});
	}

	get id(): PeerId {
		return this.network.peerId as PeerId;
	}

	hello(changes: Partial<Hello> = {}): Hello {
		return {
			type: 'hello',
			protocol: PROTOCOL_VERSION,
			electionId: this.electionId,
			title: 'Harness',
			height: 0,
			work: 0n,
			tip: ZERO_HASH,
			label: 'raw',
			...changes
		};
	}

	/** Dials a node and says nothing. */
	async dial(to: PeerId): Promise<RawLink> {
		const connecting = this.network.connect(to).then((connection) => this.#add(connection));
		await this.turns.settle();
		return await connecting;
	}

	/** Dials a node and greets it. */
	async link(to: PeerId, changes: Partial<Hello> = {}): Promise<RawLink> {
		const link = await this.dial(to);
		link.send(this.hello(changes));
		await this.turns.settle();
		return link;
	}

	#add(connection: Connection): RawLink {
		const link = new RawLink(connection);
		this.links.push(link);
		return link;
	}
}
