import type { DataConnection, Peer } from 'peerjs';
import { PollenError } from '../errors/pollenError';
import { ConnectionBudget } from './connectionBudget';
import { MAX_CONNECTIONS } from './limits';
import { PeerJsConnection } from './peerJsConnection';
import { isPeerId } from './peerId';
import type { Claim, Connection, ConnectOptions, Network, NetworkEvents, PeerId, SignallingState } from './port';
import { Registration } from './registration';
import { untilClaimed } from './seat';
import type { SignallingConfig } from './signallingConfig';
import { filterSignalling, type SignallingGuard } from './signallingFilter';
import { untilOpen } from './untilOpen';

export interface PeerJsNetworkOptions {
	/** Where to register. Asked again after it rejected. */
	readonly config: () => Promise<SignallingConfig>;
	/** Links in all, inbound and outbound. */
	readonly maxConnections?: number;
	/**
	 * Pieces that a refused inbound link is sent before it is closed, so that the other side knows why: the wire layer's
	 * `bye` with too-many-peers.
	 */
	readonly refusal?: readonly Uint8Array[];
	/** What the page may spend; a new one unless told. */
	readonly budget?: ConnectionBudget;
}

/** Links that are opened only to be refused, at the same time. More are refused before there is a connection. */
const MAX_REFUSING = 4;

/** The real network: WebRTC data channels, brought together by a PeerServer. PeerJS is loaded by `start`. */
export function createPeerJsNetwork(options: PeerJsNetworkOptions): Network {
	return new PeerJsNetwork(options);
}

class PeerJsNetwork implements Network {
	readonly #options: PeerJsNetworkOptions;
	readonly #maxConnections: number;
	readonly #budget: ConnectionBudget;
	readonly #guard: SignallingGuard;
	readonly #registration: Registration;
	readonly #links = new Set<PeerJsConnection>();
	/** Connections on their way to be open, with what ends the wait. */
	readonly #opening = new Map<DataConnection, AbortController>();
	/** Registered under well-known IDs. */
	readonly #claims = new Set<Peer>();
	#refusing = 0;
	#config: SignallingConfig | undefined;
	#events: NetworkEvents | undefined;

	constructor(options: PeerJsNetworkOptions) {
		this.#options = options;
		this.#maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
		this.#budget = options.budget ?? new ConnectionBudget();
		this.#guard = {
			onGone: (peerId, code) => this.#giveUp(peerId, code),
			takesOffer: (peerId) => this.#takesOffer(peerId),
			tellsRefused: () => this.#budget.takeRefusal()
		};
		this.#registration = new Registration({
			createPeer: (peerId) => this.#createPeer(peerId),
			onState: (state) => this.#events?.signalling(state),
			onInbound: (connection) => void this.#accept(connection),
			guard: this.#guard
		});
	}

	get peerId(): PeerId | undefined {
		return this.#registration.peerId;
	}

	get signalling(): SignallingState {
		return this.#registration.state;
	}

	start(events: NetworkEvents): void {
		this.#events = events;
		this.#registration.start();
		globalThis.addEventListener('pagehide', this.#onPageHide);
		globalThis.addEventListener('pageshow', this.#onPageShow);
	}

	async connect(peerId: PeerId, { automatic = false }: ConnectOptions = {}): Promise<Connection> {
		if (!isPeerId(peerId)) throw new PollenError('unknown-peer', 'This is no peer ID.');
		await this.#registration.settled();
		if (peerId === this.peerId) throw new PollenError('self-link', 'This is the own peer ID.');
		if (this.#isFull()) {
			throw new PollenError('too-many-peers', `This node has ${this.#maxConnections} links already.`);
		}
		if (this.signalling === 'online' && !this.#budget.takeDial(automatic)) {
			throw new PollenError('too-many-dials', 'This page has opened very many connections, and has to wait.');
		}
		const connection = this.#registration.dial(peerId);
		await this.#untilOpen(connection);
		return this.#admit(connection, 'outbound');
	}

	async claim(peerId: PeerId, onLost: () => void): Promise<Claim | undefined> {
		let peer: Peer;
		try {
			this.#config ??= await this.#options.config();
			if (!this.#config.rendezvous) throw new Error('This site has switched rendezvous off.');
			peer = await this.#createPeer(peerId);
		} catch (cause) {
			throw new PollenError('signalling-unreachable', 'The signalling server cannot be reached.', { cause });
		}
		filterSignalling(peer, this.#guard);
		peer.on('connection', (connection) => void this.#accept(connection));
		const claim = await untilClaimed(peer, () => {
			this.#claims.delete(peer);
			onLost();
		});
		if (!claim) return undefined;
		this.#claims.add(peer);
		if (this.#events === undefined) this.#releaseClaims();
		return {
			release: () => {
				this.#claims.delete(peer);
				claim.release();
			}
		};
	}

	stop(): void {
		globalThis.removeEventListener('pagehide', this.#onPageHide);
		globalThis.removeEventListener('pageshow', this.#onPageShow);
		this.#events = undefined;
		for (const link of this.#links) link.close('unlinked');
		this.#leave();
	}

	/** A page that goes away has no time to flush; closing at once tells the peers, which otherwise wait for a ping. */
	readonly #onPageHide = (): void => {
		for (const link of this.#links) link.abandon('unlinked');
		this.#leave();
	};

	/** Back from the browser's page cache. */
	readonly #onPageShow = (event: PageTransitionEvent): void => {
		if (event.persisted) this.#registration.start();
	};

	#releaseClaims(): void {
		for (const peer of this.#claims) peer.disconnect();
		this.#claims.clear();
	}

	#leave(): void {
		this.#releaseClaims();
		const reason = new PollenError('aborted', 'This node has left the network.');
		for (const controller of this.#opening.values()) controller.abort(reason);
		this.#registration.stop();
	}

	async #createPeer(peerId: PeerId): Promise<Peer> {
		this.#config ??= await this.#options.config();
		const { signalling, iceServers } = this.#config;
		const { Peer } = await import('peerjs');
		// The ICE servers are always given: PeerJS's own default contacts servers that nobody chose.
		return new Peer(peerId, { ...signalling, config: { iceServers }, debug: 0 });
	}

	/** A full node still takes a few offers, to say over the link that it is full. */
	#takesOffer(peerId: string): boolean {
		if (this.#isFull() && this.#refusing >= MAX_REFUSING) return false;
		return this.#budget.takeOffer(peerId);
	}

	/** Takes an offer that the signalling filter let through. */
	async #accept(connection: DataConnection): Promise<void> {
		if (this.#isFull()) return this.#refuse(connection);
		try {
			await this.#untilOpen(connection);
		} catch {
			// Whoever dialled has a time limit too, and is told by it.
			return;
		}
		this.#events?.connection(this.#admit(connection, 'inbound'));
	}

	async #refuse(connection: DataConnection): Promise<void> {
		this.#refusing++;
		try {
			await this.#untilOpen(connection);
			const link = new PeerJsConnection(connection, 'inbound');
			for (const piece of this.#options.refusal ?? []) link.send(piece);
			link.close('too-many-peers');
		} catch {
			// Nobody is left to refuse.
		} finally {
			this.#refusing--;
		}
	}

	async #untilOpen(connection: DataConnection): Promise<void> {
		const controller = new AbortController();
		this.#opening.set(connection, controller);
		try {
			await untilOpen(connection, controller.signal);
		} finally {
			this.#opening.delete(connection);
		}
	}

	#admit(connection: DataConnection, direction: 'inbound' | 'outbound'): PeerJsConnection {
		const link = new PeerJsConnection(connection, direction, (ended) => this.#links.delete(ended));
		this.#links.add(link);
		return link;
	}

	#giveUp(peerId: string, code: 'unknown-peer' | 'too-many-peers'): void {
		const isUnknown = code === 'unknown-peer';
		const words = isUnknown ? `The signalling server knows no peer ${peerId}.` : `${peerId} takes no offer now.`;
		const reason = new PollenError(code, words);
		for (const [connection, controller] of this.#opening) {
			if (connection.peer === peerId) controller.abort(reason);
		}
	}

	#isFull(): boolean {
		return this.#count() >= this.#maxConnections;
	}

	/** Links that are open or may become so; refused ones are no links. */
	#count(): number {
		return this.#links.size + this.#opening.size - this.#refusing;
	}
}
