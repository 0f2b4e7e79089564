import { ZERO_HASH } from '../bytes/hash';
import type { Clock } from '../clock/port';
import { errorCode, PollenError, type ErrorCode } from '../errors/pollenError';
import type { Connection, Network, PeerId } from '../network/port';
import { MAX_PEERS } from '../wire/limits';
import type { Hello, WireMessage } from '../wire/messages';
import type { PeerView } from './api';
import { Dialler, PASSING } from './dialler';
import { chooseToLetGo } from './eviction';
import { checkHello } from './handshake';
import { EVICTION_PAUSE_MS, MAX_LINKS, MAX_OPEN, MAX_OUTBOUND, VISIT_MS } from './limits';
import { Outreach } from './outreach';
import { PeerBook } from './peerBook';
import { PeerSession } from './peerSession';
import { seatsOf } from './rendezvous';
import { Shunned } from './shunned';

export interface LinksEvents {
	/** What this node says of itself, now. */
	hello(): Hello;
	/** The hello of a peer that holds the election was accepted. */
	linked(session: PeerSession): void;
	/** A message other than hello and bye, from a linked peer. */
	message(session: PeerSession, message: WireMessage): Promise<void>;
	unlinked(session: PeerSession): void;
	/** A tab that holds no election has come to ask. */
	visited(): void;
	/** Anything that `view` shows has changed. */
	changed(): void;
}

/** Reasons why a dial failed that lie with this device: the peer may be as good as ever. */
const OWN_LIMITS: ReadonlySet<ErrorCode> = new Set(['signalling-unreachable', 'too-many-dials']);

/** Which peers this node is linked to, wants to be linked to, and will not be linked to. */
export class Links {
	readonly #sessions = new Map<PeerId, PeerSession>();
	/** Sessions before their hello. */
	readonly #fresh = new Set<PeerSession>();
	readonly #dialler: Dialler;
	readonly #shunned = new Shunned();
	readonly #book: PeerBook;
	readonly #outreach: Outreach;
	/** Who was asked for peers and has not answered: what nobody asked for is not taken. */
	readonly #asked = new WeakSet<PeerSession>();
	#letGoAt = Number.NEGATIVE_INFINITY;
	#stopped = false;

	constructor(
		private readonly network: Network,
		private readonly clock: Clock,
		private readonly random: () => number,
		private readonly events: LinksEvents
	) {
		this.#dialler = new Dialler(network, clock, random, {
			opened: (connection) => this.#open(connection),
			failed: (peerId, code) => {
				this.#noteFailure(peerId, code);
				this.#outreach.look();
			},
			changed: () => this.events.changed()
		});
		this.#book = new PeerBook(random);
		this.#outreach = new Outreach(this.#book, clock, random, {
			canDial: () => network.signalling === 'online',
			links: () => ({ outbound: this.#links().filter(isOutbound).length, all: this.#links().length }),
			dialling: () => this.#dialler.dialling,
			isFree: (peerId) => !this.#dialler.has(peerId) && !this.#isOpen(peerId) && this.#isWelcome(peerId),
			dial: (peerId) => this.#dialler.dial(peerId),
			askPeers: () => this.#links().forEach((session) => this.#askPeers(session))
		});
	}

	/** The links that stand. Tabs that only came to ask are none. */
	get sessions(): readonly PeerSession[] {
		return this.#links();
	}

	changed(): void {
		this.events.changed();
	}

	/**
	 * IDs of this node and of those that are linked, but for one. Tabs that only came to ask for the election are none. Its own ID
	 * is among them for those who dialled a well-known one.
	 */
	peerIds(except?: PeerSession): PeerId[] {
		const linked = this.#links()
			.filter((session) => session !== except)
			.map(({ peerId }) => peerId);
		return this.network.peerId === undefined ? linked : [this.network.peerId, ...linked];
	}

	/** Peers that were linked and not ended for a reason, newest first: where to begin after a restart. */
	worthDialling(): readonly PeerId[] {
		return this.#book.worthDialling();
	}

	view(): PeerView[] {
		const linked = this.#links().map((session) => ({
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
		this.#shunned.forgive(peerId);
		if (!this.#sessions.has(peerId)) return this.#dialler.link(peerId);
		this.#dialler.keep(peerId);
		return Promise.resolve();
	}

	/** Notes peers of an earlier session, newest first. */
	remember(peerIds: readonly string[]): void {
		for (const peerId of peerIds.toReversed()) this.#book.noteLinked(peerId as PeerId);
		this.#outreach.look();
	}

	/** Dials lost peers at once, when this node can reach the signalling server again. */
	retryNow(): void {
		this.#dialler.retryNow();
		this.#outreach.lookNow();
	}

	unlink(peerId: PeerId): void {
		this.#shunned.noteUnlinked(peerId, { wasTold: this.#isOpen(peerId) });
		this.#forget(peerId, 'unlinked');
		for (const session of [...this.#sessions.values(), ...this.#fresh]) {
			if (session.peerId === peerId) session.close('unlinked');
		}
		this.events.changed();
	}

	/** Takes what a peer answers when it was asked for peers. */
	takePeers(session: PeerSession, peerIds: readonly string[]): void {
		if (this.#asked.delete(session)) this.hearOf(session.peerId, peerIds);
	}

	/** Takes peer IDs that somebody told us of, to dial some while there are few links. */
	hearOf(source: PeerId, peerIds: readonly string[]): void {
		// A seat leads to whoever holds it now, this node perhaps: it is for asking, not for linking.
		const seats: readonly string[] = seatsOf(this.events.hello().electionId);
		const worthKnowing = (peerIds as readonly PeerId[]).filter((id) => this.#isWelcome(id) && !seats.includes(id));
		this.#book.hear(source, worthKnowing);
		this.#outreach.look();
	}

	/** Takes an inbound link. */
	accept(connection: Connection): void {
		const { peerId } = connection;
		if (this.#stopped) connection.close('unlinked');
		else if (peerId === this.network.peerId) this.#refuse(connection, 'self-link');
		else if (this.#shunned.turnsAway(peerId)) this.#refuse(connection, 'unlinked');
		else if (this.#sessions.size + this.#fresh.size >= MAX_OPEN) this.#refuse(connection, 'too-many-peers');
		else this.#open(connection);
	}

	stop(): void {
		this.#stopped = true;
		this.#outreach.stop();
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
		} else if (message.type === 'peers' && isOutbound(session)) {
			this.hearOf(session.peerId, message.peerIds);
		} else {
			session.close('unexpected-message');
		}
	}

	#greet(session: PeerSession, hello: Hello): void {
		const refusal = this.#refusalOf(session, hello);
		if (session.direction === 'inbound') this.#answer(session, refusal);
		if (refusal) return session.close(refusal);
		this.#fresh.delete(session);
		this.#sessions.set(session.peerId, session);
		session.begin(hello);
		this.#dialler.confirm(session.peerId);
		if (isLink(session)) {
			this.#book.noteLinked(session.peerId);
			this.events.linked(session);
			this.#askPeers(session);
		} else {
			this.clock.after(VISIT_MS, () => session.close('peer-timeout'));
			this.events.visited();
		}
		this.#outreach.look();
		this.events.changed();
	}

	/** Who finds no room hears no hello, so that it knows that there never was a link, but of others where there may be some. */
	#answer(session: PeerSession, refusal: ErrorCode | undefined): void {
		if (refusal !== 'too-many-peers') return this.#sayHello(session);
		session.send({ type: 'peers', peerIds: this.peerIds(session).slice(0, MAX_PEERS) });
	}

	#refusalOf(session: PeerSession, hello: Hello): ErrorCode | undefined {
		try {
			checkHello(this.events.hello(), hello);
			this.#resolveDuplicate(session);
			if (hello.electionId !== ZERO_HASH) this.#makeRoom(session);
			return undefined;
		} catch (error) {
			return errorCode(error, 'other-protocol');
		}
	}

	/** Lets go of a link for this one where all are taken. Throws too-many-peers. */
	#makeRoom({ direction, peerId }: PeerSession): void {
		const links = this.#links();
		const outbound = links.filter(isOutbound);
		// The node's own dials take no place but that of another.
		const isOwn = direction === 'outbound' && !this.#dialler.isByHand(peerId);
		const isFull = links.length >= MAX_LINKS || (isOwn && outbound.length >= MAX_OUTBOUND);
		if (isFull) this.#letGo(isOwn ? outbound : links);
	}

	#letGo(links: readonly PeerSession[]): void {
		const merits = links.map((session) => ({
			session,
			direction: session.direction,
			isByHand: this.#dialler.isByHand(session.peerId),
			latencyMs: session.latencyMs,
			usefulAt: session.usefulAt
		}));
		const now = this.clock.now();
		const mayLetGo = now - this.#letGoAt >= EVICTION_PAUSE_MS;
		const chosen = mayLetGo ? chooseToLetGo(merits, this.random) : undefined;
		if (!chosen) throw new PollenError('too-many-peers');
		this.#letGoAt = now;
		chosen.session.close('too-many-peers');
	}

	#askPeers(session: PeerSession): void {
		this.#asked.add(session);
		session.send({ type: 'getPeers' });
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
		this.#shunned.noteEnd(peerId, code);
		// An inbound link that never got to its hello says nothing about the one that we dial.
		const counts = session.hello !== undefined || session.direction === 'outbound';
		if (counts && !this.#stopped && !this.#sessions.has(peerId)) this.#miss(peerId, code);
		if (session.hello) this.events.unlinked(session);
		this.#outreach.look();
		this.events.changed();
	}

	#miss(peerId: PeerId, code: ErrorCode): void {
		if (PASSING.has(code)) this.#noteFailure(peerId, code);
		if (PASSING.has(code) || code === 'already-linked') this.#dialler.missed(peerId, code);
		else this.#forget(peerId, code);
	}

	/** Notes in the book that a link was lost or not made. */
	#noteFailure(peerId: PeerId, code: ErrorCode): void {
		if (code === 'unknown-peer' && !this.#dialler.has(peerId)) this.#book.forget(peerId);
		else if (OWN_LIMITS.has(code)) this.#outreach.rest();
		else this.#book.noteFailure(peerId, this.clock.now());
	}

	#forget(peerId: PeerId, code: ErrorCode): void {
		this.#dialler.forget(peerId, code);
		this.#book.forget(peerId);
	}

	/** Sessions that are links: tabs that only came to ask are none. */
	#links(): PeerSession[] {
		return [...this.#sessions.values()].filter(isLink);
	}

	#isOpen(peerId: PeerId): boolean {
		return this.#sessions.has(peerId) || [...this.#fresh].some((session) => session.peerId === peerId);
	}

	#isWelcome(peerId: PeerId): boolean {
		return peerId !== this.network.peerId && !this.#shunned.has(peerId);
	}
}

function isLink({ hello }: PeerSession): boolean {
	return hello !== undefined && hello.electionId !== ZERO_HASH;
}

function isOutbound({ direction }: PeerSession): boolean {
	return direction === 'outbound';
}
