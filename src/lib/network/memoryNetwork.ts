import { PollenError } from '../errors/pollenError';
import { MAX_CONNECTIONS, OPEN_TIMEOUT_MS } from './limits';
import { MemoryConnection } from './memoryConnection';
import { MemoryNetwork, type HubSide } from './memoryHubMember';
import { MemoryPipe, type NetworkClock } from './memoryPipe';
import { randomPeerId } from './peerId';
import type { Network, PeerId } from './port';

export interface MemoryFaults {
	/** One-way delay of every item, in milliseconds, chosen at random between the two. */
	readonly minDelayMs: number;
	readonly maxDelayMs: number;
}

export interface MemoryHubOptions {
	/** Real time by default. */
	readonly clock?: NetworkClock;
	/** Decides delays and peer IDs: the same seed and the same calls give the same run. */
	readonly seed?: number;
	readonly faults?: MemoryFaults;
}

export interface MemoryNetworkOptions {
	readonly maxConnections?: number;
	/** See `PeerJsNetworkOptions`. */
	readonly refusal?: readonly Uint8Array[];
}

/** A signalling server and all the network there is, for nodes in one process. */
export interface MemoryHub {
	/** A node's way to the other nodes of this hub. */
	network(options?: MemoryNetworkOptions): Network;
	/** Who can be dialled under an ID, by its own peer ID; undefined when nobody can. */
	holder(peerId: PeerId): PeerId | undefined;
	/** Stops or starts the signalling server: open links go on, nobody can dial. */
	setSignalling(online: boolean): void;
	/**
	 * Separates these peers from all others. Links across fall silent and keep what they carry, new ones time out. A
	 * later call replaces the earlier.
	 */
	partition(peerIds: readonly PeerId[]): void;
	/** Ends the partition; what waited arrives. */
	heal(): void;
	/** Breaks every link between two peers: both ends see link-lost, what was on its way is gone. */
	dropLinks(a: PeerId, b: PeerId): void;
	/** A tab that dies without a word: its links stay open at the other ends and are silent for ever. */
	crash(peerId: PeerId): void;
}

const realTime: NetworkClock = {
	now: () => Date.now(),
	after(delayMs, callback) {
		const handle = setTimeout(callback, delayMs);
		return () => clearTimeout(handle);
	}
};

export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
	return new Hub(options);
}

class Hub implements MemoryHub, HubSide {
	readonly clock: NetworkClock;
	online = true;
	readonly #random: () => number;
	readonly #faults: MemoryFaults;
	readonly #networks = new Set<MemoryNetwork>();
	readonly #registered = new Map<PeerId, MemoryNetwork>();
	readonly #links = new Set<{ readonly ids: readonly [PeerId, PeerId]; readonly ends: readonly MemoryConnection[] }>();
	readonly #crashed = new Set<PeerId>();
	#island: ReadonlySet<PeerId> = new Set();

	constructor({ clock = realTime, seed = 1, faults = { minDelayMs: 0, maxDelayMs: 0 } }: MemoryHubOptions) {
		this.clock = clock;
		this.#random = seededRandom(seed);
		this.#faults = faults;
	}

	network({ maxConnections = MAX_CONNECTIONS, refusal = [] }: MemoryNetworkOptions = {}): Network {
		const network = new MemoryNetwork(this, maxConnections, refusal);
		this.#networks.add(network);
		return network;
	}

	holder(peerId: PeerId): PeerId | undefined {
		return this.#registered.get(peerId)?.peerId;
	}

	setSignalling(online: boolean): void {
		this.online = online;
		for (const network of this.#networks) network.signallingChanged();
	}

	partition(peerIds: readonly PeerId[]): void {
		this.#island = new Set(peerIds);
		this.#holdSeparated();
	}

	heal(): void {
		this.partition([]);
	}

	dropLinks(a: PeerId, b: PeerId): void {
		for (const { ids, ends } of this.#links) {
			if (!ids.includes(a) || !ids.includes(b)) continue;
			for (const end of ends) end.lose();
		}
	}

	crash(peerId: PeerId): void {
		this.#crashed.add(peerId);
		const network = this.#registered.get(peerId);
		for (const [id, owner] of this.#registered) if (owner === network) this.#registered.delete(id);
		this.#holdSeparated();
	}

	delayMs(): number {
		const { minDelayMs, maxDelayMs } = this.#faults;
		return minDelayMs + Math.floor(this.#random() * (maxDelayMs - minDelayMs + 1));
	}

	register(network: MemoryNetwork): PeerId {
		const peerId = randomPeerId((bytes) => {
			for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(this.#random() * 256);
		});
		this.#registered.set(peerId, network);
		return peerId;
	}

	unregister(peerId: PeerId): void {
		this.#registered.delete(peerId);
	}

	claim(network: MemoryNetwork, peerId: PeerId): boolean {
		if (this.#registered.has(peerId)) return false;
		this.#registered.set(peerId, network);
		return true;
	}

	dial(from: MemoryNetwork, fromId: PeerId, to: PeerId): Promise<MemoryConnection> {
		return new Promise((resolve, reject) => {
			this.clock.after(this.delayMs(), () => {
				const target = this.#registered.get(to);
				if (!target) return reject(new PollenError('unknown-peer', `There is no peer ${to}.`));
				const timeout = new PollenError('peer-timeout', 'The peer did not answer.');
				const toId = target.peerId ?? to;
				if (this.#separated(fromId, toId)) return void this.clock.after(OPEN_TIMEOUT_MS, () => reject(timeout));
				const [outbound, inbound] = this.#join(from, fromId, target, to, toId);
				// The dialler learns that the link is open by the first thing that comes through it.
				inbound.pipe.put(() => resolve(outbound));
				target.accept(inbound);
			});
		});
	}

	#join(
		from: MemoryNetwork,
		fromId: PeerId,
		target: MemoryNetwork,
		to: PeerId,
		toId: PeerId
	): readonly [MemoryConnection, MemoryConnection] {
		let living = 2;
		const newEnd = (owner: MemoryNetwork, peerId: PeerId, direction: 'inbound' | 'outbound'): MemoryConnection =>
			new MemoryConnection(peerId, direction, new MemoryPipe(this.clock, () => this.delayMs()), (end) => {
				owner.ended(end);
				// As long as one end lives, a partition still decides when it learns that the other closed.
				if (--living === 0) this.#links.delete(link);
			});
		const outbound = newEnd(from, to, 'outbound');
		const inbound = newEnd(target, fromId, 'inbound');
		outbound.other = inbound;
		inbound.other = outbound;
		const link = { ids: [fromId, toId] as const, ends: [outbound, inbound] };
		this.#links.add(link);
		return [outbound, inbound];
	}

	#separated(a: PeerId, b: PeerId): boolean {
		return this.#crashed.has(a) || this.#crashed.has(b) || this.#island.has(a) !== this.#island.has(b);
	}

	#holdSeparated(): void {
		for (const { ids, ends } of this.#links) {
			const held = this.#separated(ids[0], ids[1]);
			for (const end of ends) end.pipe.hold(held);
		}
	}
}

/** Numbers in [0, 1) that follow from a seed alone (Mulberry32): 32 bits of state are plenty for a test. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}
