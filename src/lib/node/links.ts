import { ZERO_HASH } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { Connection, Network, PeerId } from '../network/port';
import type { Hello, WireMessage } from '../wire/messages';
import type { PeerView } from './api';
import { BoundedSet } from './boundedSet';
import { Dialler, PASSING } from './dialler';
import { checkHello } from './handshake';
import { MAX_GOSSIP_DIALS, MAX_LINKS, MAX_REMEMBERED, MAX_WORTH_DIALLING } from './limits';
import { PeerSession } from './peerSession';

export interface LinksEvents {
	/** What this node says of itself, now. */
	hello(): Hello;
	/** A peer's hello was accepted. */
	linked(session: PeerSession): void;
	/** A message other than hello and bye, from a linked peer. */
	message(session: PeerSession, message: WireMessage): Promise<void>;
	unlinked(session: PeerSession): void;
	/** Anything that `view` shows has changed. */
	changed(): void;
}

/** Reasons for an end that one side meant: no fault, but the peer is not sought again. */
const MEANT: ReadonlySet<ErrorCode> = new Set(['unlinked', 'other-election', 'other-protocol']);

/** Which peers this node is linked to, wants to be linked to, and will not be linked to. */
export class Links {
	readonly #sessions = new Map<PeerId, PeerSession>();
	/** Sessions before their hello. */
	readonly #fresh = new Set<PeerSession>();
	readonly #dialler: Dialler;
	/** Peers that broke the protocol: neither dialled nor let in again, unless the user asks for them by name. */
	readonly #offenders = new BoundedSet<PeerId>(MAX_REMEMBERED);
	/** Peers with which a link was ended on purpose: not dialled only because others speak of them. */
	readonly #unlinked = new BoundedSet<PeerId>(MAX_REMEMBERED);
	/** Newest first. */
	#worthDialling: PeerId[] = [];
	#stopped = false;

	constructor(
		private readonly network: Network,
		private readonly clock: Clock,
		random: () => number,
		private readonly events: LinksEvents
	) {
		this.#dialler = new Dialler(network, clock, random, {
			opened: (connection) => this.#open(connection),
			gaveUp: (peerId) => this.#forgetWorth(peerId),
			changed: () => this.events.changed()
		});
	}

	get sessions(): IterableIterator<PeerSession> {
		return this.#sessions.values();
	}

	changed(): void {
		this.events.changed();
	}

	/**
	 * IDs of this node and of those that are linked, but for one. Tabs that only came to ask for the election are none. Its own ID
	 * is among them for those who dialled a well-known one.
	 */
	peerIds(except?: PeerSession): PeerId[] {
		const linked = [...this.#sessions.values()]
			.filter((session) => session !== except && session.hello?.electionId !== ZERO_HASH)
			.map(({ peerId }) => peerId);
		return this.network.peerId === undefined ? linked : [this.network.peerId, ...linked];
	}

	/** Peers that were linked and not ended for a reason, newest first: where to begin after a restart. */
	worthDialling(): readonly PeerId[] {
		return this.#worthDialling;
	}

	view(): PeerView[] {
		const linked = [...this.#sessions.values()].map((session) => ({
			peerId: session.peerId,
			label: session.hello?.label ?? '',
			height: session.best?.height ?? 0,
			latencyMs: session.latencyMs,
			direction: session.direction,
			state: 'linked' as const
		}));
		const absent = this.#dialler.absent().map(({ peerId, state }) => ({
			peerId,
			label: '',
			height: 0,
			latencyMs: undefined,
			direction: 'outbound' as const,
			state
		}));
		return [...linked, ...absent];
	}

	/**
	 * Links to a peer, and keeps the link: a lost one is dialled again with backoff. Resolves when the peer's hello was
	 * accepted. Rejects with unknown-peer, other-election, other-protocol, signalling-unreachable, peer-timeout,
	 * self-link, too-many-peers, link-lost.
	 */
	link(peerId: PeerId): Promise<void> {
		this.#offenders.delete(peerId);
		this.#unlinked.delete(peerId);
		if (!this.#sessions.has(peerId)) return this.#dialler.link(peerId);
		this.#dialler.keep(peerId);
		return Promise.resolve();
	}

	/** Dials a peer from an earlier session, without anybody waiting for it. */
	redial(peerId: PeerId): void {
		if (this.#sessions.has(peerId)) return;
		this.#noteWorth(peerId);
		this.#dialler.redial(peerId);
	}

	/** Dials lost peers at once, when this node can reach the signalling server again. */
	retryNow(): void {
		this.#dialler.retryNow();
	}

	unlink(peerId: PeerId): void {
		this.#unlinked.add(peerId);
		this.#forget(peerId, 'unlinked');
		for (const session of [...this.#sessions.values(), ...this.#fresh]) {
			if (session.peerId === peerId) session.close('unlinked');
		}
		this.events.changed();
	}

	/** Takes peer IDs that another peer told us of, and dials some while there are few links. */
	hearOf(peerIds: readonly string[]): void {
		for (const peerId of peerIds as readonly PeerId[]) {
			if (this.#dialler.size >= MAX_GOSSIP_DIALS || this.#sessions.size >= MAX_GOSSIP_DIALS) return;
			const known = peerId === this.network.peerId || this.#sessions.has(peerId) || this.#dialler.has(peerId);
			const unwelcome = this.#offenders.has(peerId) || this.#unlinked.has(peerId);
			if (!known && !unwelcome) this.#dialler.redial(peerId);
		}
	}

	/** Takes an inbound link. */
	accept(connection: Connection): void {
		if (this.#stopped) connection.close('unlinked');
		else if (this.#offenders.has(connection.peerId)) this.#refuse(connection, 'unlinked');
		else if (this.#sessions.size + this.#fresh.size >= MAX_LINKS) this.#refuse(connection, 'too-many-peers');
		else this.#open(connection);
	}

	stop(): void {
		this.#stopped = true;
		this.#dialler.stop();
		for (const session of [...this.#sessions.values(), ...this.#fresh]) session.close('link-lost');
	}

	#open(connection: Connection): void {
		const session = new PeerSession(connection, this.clock, {
			message: (from, message) => this.#receive(from, message),
			closed: (from, code) => this.#closed(from, code)
		});
		this.#fresh.add(session);
		// Chromium loses about one in a hundred of the messages that the answering side sends right on the opening of a
		// channel, but none that answers: so whoever dialled speaks first.
		if (session.direction === 'outbound') this.#sayHello(session);
	}

	#sayHello(session: PeerSession): void {
		session.greet(() => this.events.hello());
	}

	/** Without a hello, so that the other side knows that there never was a link. */
	#refuse(connection: Connection, code: ErrorCode): void {
		new PeerSession(connection, this.clock, { message: () => undefined, closed: () => undefined }).close(code);
	}

	#receive(session: PeerSession, message: WireMessage): void | Promise<void> {
		if (message.type === 'bye') {
			// The code goes to our own bookkeeping: what the peer says ends the link for the same reason here.
			session.close(message.code);
		} else if (message.type === 'hello') {
			if (session.hello) this.#renew(session, session.hello, message);
			else this.#greet(session, message);
		} else if (session.hello) {
			return this.events.message(session, message);
		} else {
			session.close('unexpected-message');
		}
	}

	#greet(session: PeerSession, hello: Hello): void {
		if (session.direction === 'inbound') this.#sayHello(session);
		try {
			checkHello(this.events.hello(), hello);
			this.#resolveDuplicate(session);
		} catch (error) {
			session.close(errorCode(error, 'other-protocol'));
			return;
		}
		this.#fresh.delete(session);
		this.#sessions.set(session.peerId, session);
		session.begin(hello);
		this.#dialler.confirm(session.peerId);
		if (hello.electionId !== ZERO_HASH) this.#noteWorth(session.peerId);
		this.events.linked(session);
		this.events.changed();
	}

	/**
	 * A linked peer says hello again when its name changed, or when it dialled and has not heard ours, which is then said
	 * again. Its tips come by header, and its election never changes.
	 */
	#renew(session: PeerSession, before: Hello, hello: Hello): void {
		if (hello.protocol !== before.protocol || hello.electionId !== before.electionId) {
			session.close('unexpected-message');
			return;
		}
		session.hello = hello;
		if (session.direction === 'inbound') this.#sayHello(session);
		this.events.changed();
	}

	/**
	 * Two nodes that dial each other at once have two links. Both keep the one that the node with the smaller peer ID
	 * dialled. Of two in the same direction the newer stays: nobody dials twice unless the first link is dead. Throws
	 * already-linked when `session` is the one to go.
	 */
	#resolveDuplicate(session: PeerSession): void {
		const other = this.#sessions.get(session.peerId);
		if (!other) return;
		const ownIsSmaller = (this.network.peerId ?? '') < session.peerId;
		const preferred = ownIsSmaller ? 'outbound' : 'inbound';
		if (other.direction === preferred && session.direction !== preferred) throw new PollenError('already-linked');
		other.close('already-linked');
	}

	#closed(session: PeerSession, code: ErrorCode): void {
		const { peerId } = session;
		this.#fresh.delete(session);
		if (this.#sessions.get(peerId) === session) this.#sessions.delete(peerId);
		if (MEANT.has(code)) this.#unlinked.add(peerId);
		else if (!PASSING.has(code) && code !== 'already-linked') this.#offenders.add(peerId);
		// An inbound link that never got to its hello says nothing about the one that we dial.
		const counts = session.hello !== undefined || session.direction === 'outbound';
		if (counts && !this.#stopped && !this.#sessions.has(peerId)) this.#miss(peerId, code);
		if (session.hello) this.events.unlinked(session);
		this.events.changed();
	}

	#miss(peerId: PeerId, code: ErrorCode): void {
		if (PASSING.has(code) || code === 'already-linked') this.#dialler.missed(peerId, code);
		else this.#forget(peerId, code);
	}

	#forget(peerId: PeerId, code: ErrorCode): void {
		this.#dialler.forget(peerId, code);
		this.#forgetWorth(peerId);
	}

	#noteWorth(peerId: PeerId): void {
		this.#forgetWorth(peerId);
		this.#worthDialling = [peerId, ...this.#worthDialling].slice(0, MAX_WORTH_DIALLING);
	}

	#forgetWorth(peerId: PeerId): void {
		this.#worthDialling = this.#worthDialling.filter((other) => other !== peerId);
	}
}
