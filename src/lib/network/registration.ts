import type { DataConnection, Peer } from 'peerjs';
import { PollenError } from '../errors/pollenError';
import { Backoff } from './backoff';
import { REGISTRATION_TIMEOUT_MS, SIGNALLING_BACKOFF_MS } from './limits';
import { randomPeerId } from './peerId';
import type { PeerId, SignallingState } from './port';
import { filterSignalling, type SignallingGuard } from './signallingFilter';

export interface RegistrationOptions {
	/** Makes a PeerJS peer that registers under this ID. Rejects when there is nothing to register with. */
	createPeer(peerId: PeerId): Promise<Peer>;
	onState(state: SignallingState): void;
	onInbound(connection: DataConnection): void;
	/** See `filterSignalling`; also told of a peer that the signalling server does not know. */
	readonly guard: SignallingGuard;
}

/**
 * Keeps this node known to the signalling server. Links between peers don't need the server once they are open, so
 * whatever happens here leaves them alone: a peer is only ever disconnected from the server, never destroyed.
 *
 * A lost registration is renewed by `reconnect`, which keeps the ID. It may never be confirmed: a PeerServer that has
 * not noticed the loss takes the same ID and token for the same client and doesn't say so. After a time limit a new
 * PeerJS peer registers beside the old one, whose links go on; if its ID is taken by then, under another ID.
 */
export class Registration {
	readonly #options: RegistrationOptions;
	readonly #backoff = new Backoff(SIGNALLING_BACKOFF_MS);
	readonly #settling: (() => void)[] = [];
	#current: Peer | undefined;
	#currentWasOpen = false;
	#wantedId: PeerId = randomPeerId();
	#peerId: PeerId | undefined;
	#state: SignallingState = 'connecting';
	#lastError: unknown;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Counts starts and stops, so that an answer which comes after a stop is recognised. */
	#generation = 0;
	#running = false;

	constructor(options: RegistrationOptions) {
		this.#options = options;
	}

	/** The ID that the server accepted last. */
	get peerId(): PeerId | undefined {
		return this.#peerId;
	}

	get state(): SignallingState {
		return this.#state;
	}

	start(): void {
		if (this.#running) return;
		this.#running = true;
		this.#generation++;
		void this.#register();
	}

	/** Gives the registration up; open links stay. */
	stop(): void {
		if (!this.#running) return;
		this.#running = false;
		this.#generation++;
		this.#leaveCurrent();
		this.#setState('offline');
	}

	/** Resolves when the first attempt to register has an outcome, at once when it has or was never begun. */
	settled(): Promise<void> {
		if (!this.#running || this.#state !== 'connecting') return Promise.resolve();
		return new Promise((resolve) => this.#settling.push(resolve));
	}

	/**
	 * Begins a connection to another peer. Throws signalling-unreachable when the server cannot carry the offer, and too-many-dials
	 * when the browser makes no more connections.
	 */
	dial(peerId: PeerId): DataConnection {
		const connection = this.#state === 'online' ? this.#begin(peerId) : undefined;
		if (connection) return connection;
		const reason = this.#lastError instanceof Error ? ` ${this.#lastError.message}` : '';
		throw new PollenError('signalling-unreachable', `The signalling server cannot be reached.${reason}`, {
			cause: this.#lastError
		});
	}

	#begin(peerId: PeerId): DataConnection | undefined {
		try {
			return this.#current?.connect(peerId, { reliable: true, serialization: 'raw' });
		} catch (cause) {
			throw new PollenError('too-many-dials', 'The browser makes no more connections.', { cause });
		}
	}

	async #register(): Promise<void> {
		const generation = this.#generation;
		let peer: Peer;
		try {
			peer = await this.#options.createPeer(this.#wantedId);
		} catch (error) {
			if (generation === this.#generation) this.#failed(error);
			return;
		}
		if (generation !== this.#generation) return peer.disconnect();
		this.#current = peer;
		this.#currentWasOpen = false;
		filterSignalling(peer, this.#options.guard);
		peer.on('open', () => this.#opened(peer));
		peer.on('connection', (connection) => this.#options.onInbound(connection));
		peer.on('error', (error) => this.#erred(peer, error));
		peer.on('disconnected', () => {
			if (peer === this.#current) this.#failed(this.#lastError);
		});
		this.#watch();
	}

	#opened(peer: Peer): void {
		if (peer !== this.#current) return;
		clearTimeout(this.#timer);
		this.#currentWasOpen = true;
		this.#backoff.reset();
		this.#lastError = undefined;
		this.#peerId = this.#wantedId;
		this.#setState('online');
	}

	#erred(peer: Peer, error: Error & { type: string }): void {
		switch (error.type) {
			case 'peer-unavailable':
				return this.#options.guard.onGone(peerIdOfUnavailable(error), 'unknown-peer');
			case 'webrtc':
				// About one connection, which ends by its own time limit.
				return;
			case 'unavailable-id':
				this.#wantedId = randomPeerId();
				if (peer === this.#current) this.#currentWasOpen = false;
				break;
		}
		// PeerJS always disconnects after these, and that is where the next attempt is planned.
		if (peer === this.#current) this.#lastError = error;
	}

	#failed(error: unknown): void {
		clearTimeout(this.#timer);
		this.#lastError = error;
		this.#setState('offline');
		this.#timer = setTimeout(() => this.#retry(), this.#backoff.nextMs());
	}

	#retry(): void {
		const peer = this.#current;
		if (!peer || peer.destroyed || !this.#currentWasOpen) {
			this.#leaveCurrent();
			void this.#register();
			return;
		}
		peer.reconnect();
		this.#watch();
	}

	#watch(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			this.#leaveCurrent();
			this.#failed(new Error('The signalling server does not answer.'));
		}, REGISTRATION_TIMEOUT_MS);
	}

	/** `disconnect` closes the socket to the server and nothing else. */
	#leaveCurrent(): void {
		clearTimeout(this.#timer);
		const peer = this.#current;
		this.#current = undefined;
		peer?.disconnect();
	}

	#setState(state: SignallingState): void {
		if (state === this.#state) return;
		this.#state = state;
		for (const resolve of this.#settling.splice(0)) resolve();
		this.#options.onState(state);
	}
}

/** PeerJS names the peer only in the text of its error. */
function peerIdOfUnavailable(error: Error): string {
	return error.message.replace('Could not connect to peer ', '');
}
