import { PollenError } from '../errors/pollenError';
import type { MemoryConnection } from './memoryConnection';
import type { NetworkClock } from './memoryPipe';
import { isPeerId } from './peerId';
import type { Claim, Connection, Network, NetworkEvents, PeerId, SignallingState } from './port';

/** What a network asks of the hub it is on. */
export interface HubSide {
	readonly clock: NetworkClock;
	readonly online: boolean;
	delayMs(): number;
	/** A new ID under which `network` can be dialled from now on. */
	register(network: MemoryNetwork): PeerId;
	unregister(peerId: PeerId): void;
	/** Whether `network` can be dialled under this ID from now on: not when another can. */
	claim(network: MemoryNetwork, peerId: PeerId): boolean;
	/** Dials on behalf of `from`; see `Network.connect`. */
	dial(from: MemoryNetwork, fromId: PeerId, to: PeerId): Promise<MemoryConnection>;
}

/** A {@link Network} on a memory hub; `createMemoryHub().network()` makes one. */
export class MemoryNetwork implements Network {
	readonly #hub: HubSide;
	readonly #maxConnections: number;
	readonly #refusal: readonly Uint8Array[];
	readonly #links = new Set<MemoryConnection>();
	readonly #settling: (() => void)[] = [];
	/** Well-known IDs that are held, with who is told when one is lost. */
	readonly #claims = new Map<PeerId, () => void>();
	#dialling = 0;
	#peerId: PeerId | undefined;
	#state: SignallingState = 'connecting';
	#events: NetworkEvents | undefined;

	constructor(hub: HubSide, maxConnections: number, refusal: readonly Uint8Array[]) {
		this.#hub = hub;
		this.#maxConnections = maxConnections;
		this.#refusal = refusal;
	}

	get peerId(): PeerId | undefined {
		return this.#peerId;
	}

	get signalling(): SignallingState {
		return this.#state;
	}

	start(events: NetworkEvents): void {
		this.#events = events;
		this.signallingChanged();
	}

	async connect(peerId: PeerId): Promise<Connection> {
		if (!isPeerId(peerId)) throw new PollenError('unknown-peer', 'This is no peer ID.');
		await this.#settled();
		const ownId = this.#peerId;
		if (peerId === ownId) throw new PollenError('self-link', 'This is the own peer ID.');
		if (this.#count() >= this.#maxConnections) {
			throw new PollenError('too-many-peers', `This node has ${this.#maxConnections} links already.`);
		}
		if (this.#state !== 'online' || ownId === undefined) {
			throw new PollenError('signalling-unreachable', 'The signalling server cannot be reached.');
		}
		this.#dialling++;
		try {
			const link = await this.#hub.dial(this, ownId, peerId);
			if (this.#events) {
				this.#links.add(link);
				return link;
			}
			link.close('unlinked');
			throw new PollenError('aborted', 'This node has left the network.');
		} finally {
			this.#dialling--;
		}
	}

	claim(peerId: PeerId, onLost: () => void): Promise<Claim | undefined> {
		return new Promise((resolve, reject) => {
			this.#hub.clock.after(this.#hub.delayMs(), () => {
				if (!this.#events || this.#state !== 'online') {
					return reject(new PollenError('signalling-unreachable', 'The signalling server cannot be reached.'));
				}
				if (!this.#hub.claim(this, peerId)) return resolve(undefined);
				this.#claims.set(peerId, onLost);
				resolve({ release: () => this.#release(peerId) });
			});
		});
	}

	stop(): void {
		this.#events = undefined;
		if (this.#peerId !== undefined) this.#hub.unregister(this.#peerId);
		for (const peerId of [...this.#claims.keys()]) this.#release(peerId);
		for (const link of this.#links) link.close('unlinked');
		this.#setState('offline');
	}

	/** The hub's signalling server went up or down. */
	signallingChanged(): void {
		this.#hub.clock.after(this.#hub.delayMs(), () => {
			if (!this.#events) return;
			if (this.#hub.online) this.#peerId ??= this.#hub.register(this);
			else this.#loseClaims();
			this.#setState(this.#hub.online ? 'online' : 'offline');
		});
	}

	/** An inbound link is open. */
	accept(link: MemoryConnection): void {
		if (this.#events && this.#count() < this.#maxConnections) {
			this.#links.add(link);
			this.#events.connection(link);
			return;
		}
		for (const piece of this.#refusal) link.send(piece);
		link.close('too-many-peers');
	}

	/** A link stopped counting. */
	ended(link: MemoryConnection): void {
		this.#links.delete(link);
	}

	#release(peerId: PeerId): void {
		if (this.#claims.delete(peerId)) this.#hub.unregister(peerId);
	}

	/** A signalling server that stops forgets who held what. */
	#loseClaims(): void {
		for (const [peerId, onLost] of [...this.#claims]) {
			this.#release(peerId);
			onLost();
		}
	}

	#count(): number {
		return this.#links.size + this.#dialling;
	}

	/** Resolves when the first registration has an outcome, at once when it has or was never begun. */
	#settled(): Promise<void> {
		if (!this.#events || this.#state !== 'connecting') return Promise.resolve();
		return new Promise((resolve) => this.#settling.push(resolve));
	}

	#setState(state: SignallingState): void {
		if (state === this.#state) return;
		this.#state = state;
		for (const resolve of this.#settling.splice(0)) resolve();
		this.#events?.signalling(state);
	}
}
