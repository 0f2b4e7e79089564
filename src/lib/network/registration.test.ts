import { EventEmitter } from 'node:events';
import type { DataConnection, Peer } from 'peerjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PeerId, SignallingState } from './port';
import { Registration } from './registration';

/** What Registration sees of a PeerJS peer: it behaves as PeerJS 1.5.5 does, and the test plays the server. */
class FakePeer extends EventEmitter {
	readonly socket = Object.assign(new EventEmitter(), { send: (message: object) => void this.said.push(message) });
	/** To the server. */
	readonly said: object[] = [];
	readonly connections = new Set<string>();
	readonly received: { type: string }[] = [];
	disconnected = false;
	destroyed = false;
	reconnects = 0;
	readonly #id: PeerId;
	#wasOpen = false;

	constructor(id: PeerId) {
		super();
		this.#id = id;
		this.socket.on('message', (message: { type: string }) => this.received.push(message));
	}

	get id(): PeerId {
		return this.#id;
	}

	open(): void {
		this.#wasOpen = true;
		this.emit('open', this.#id);
	}

	fail(type: string, message = type): void {
		this.emit('error', Object.assign(new Error(message), { type }));
		if (!this.#wasOpen) this.destroyed = true;
		this.disconnect();
	}

	disconnect(): void {
		if (this.disconnected) return;
		this.disconnected = true;
		this.emit('disconnected', this.#id);
	}

	reconnect(): void {
		if (!this.disconnected || this.destroyed) throw new Error('cannot reconnect');
		this.disconnected = false;
		this.reconnects++;
	}

	getConnection(peerId: string, connectionId: string): object | null {
		return this.connections.has(`${peerId}/${connectionId}`) ? {} : null;
	}

	connect(peerId: string): { peer: string } {
		return { peer: peerId };
	}
}

interface Setting {
	readonly registration: Registration;
	readonly peers: FakePeer[];
	readonly states: SignallingState[];
	readonly inbound: DataConnection[];
	readonly unavailable: string[];
	/** Peers that were told about to `onGone`, with the reason. */
	readonly gone: [string, string][];
	takesOffers: boolean;
	tellsRefused: boolean;
	createFails: Error | undefined;
}

async function setUp(createFails?: Error): Promise<Setting> {
	const peers: FakePeer[] = [];
	const states: SignallingState[] = [];
	const inbound: DataConnection[] = [];
	const unavailable: string[] = [];
	const gone: [string, string][] = [];
	const registration = new Registration({
		async createPeer(id) {
			if (setting.createFails) throw setting.createFails;
			const peer = new FakePeer(id);
			peers.push(peer);
			return peer as unknown as Peer;
		},
		onState: (state) => void states.push(state),
		onInbound: (connection) => void inbound.push(connection),
		guard: {
			onGone(peerId, code) {
				gone.push([peerId, code]);
				unavailable.push(peerId);
			},
			takesOffer: () => setting.takesOffers,
			tellsRefused: () => setting.tellsRefused
		}
	});
	const setting: Setting = {
		registration,
		peers,
		states,
		inbound,
		unavailable,
		gone,
		takesOffers: true,
		tellsRefused: true,
		createFails
	};
	registration.start();
	await vi.advanceTimersByTimeAsync(0);
	return setting;
}

function last(peers: readonly FakePeer[]): FakePeer {
	const peer = peers.at(-1);
	if (!peer) throw new Error('No peer was created.');
	return peer;
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.spyOn(Math, 'random').mockReturnValue(0);
});

afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

describe('Registration', () => {
	test('is online when the server confirms, and only then has an ID', async () => {
		const { registration, peers, states } = await setUp();
		expect([registration.state, registration.peerId]).toEqual(['connecting', undefined]);
		last(peers).open();
		expect([registration.state, registration.peerId]).toEqual(['online', last(peers).id]);
		expect(states).toEqual(['online']);
		await vi.advanceTimersByTimeAsync(600_000);
		expect(peers).toHaveLength(1);
	});

	test('a lost server is offline, and is tried again under the same ID after 2, 4, 8 ... 60 s', async () => {
		const { registration, peers, states } = await setUp();
		const peer = last(peers);
		peer.open();
		const id = registration.peerId;
		peer.fail('network');
		for (const [i, waitMs] of [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].entries()) {
			await vi.advanceTimersByTimeAsync(waitMs - 1);
			expect(peer.reconnects).toBe(i);
			await vi.advanceTimersByTimeAsync(1);
			expect(peer.reconnects).toBe(i + 1);
			peer.fail('network');
		}
		await vi.advanceTimersByTimeAsync(60_000);
		peer.open();
		expect([registration.state, registration.peerId, peers.length]).toEqual(['online', id, 1]);
		expect(states).toEqual(['online', 'offline', 'online']);
	});

	test('a reconnect that is never confirmed gives way to a new peer with the same ID; the old one is not destroyed', async () => {
		const { registration, peers } = await setUp();
		const old = last(peers);
		old.open();
		old.fail('network');
		await vi.advanceTimersByTimeAsync(2_000);
		expect(old.reconnects).toBe(1);
		await vi.advanceTimersByTimeAsync(8_000);
		expect([old.disconnected, old.destroyed]).toEqual([true, false]);
		await vi.advanceTimersByTimeAsync(4_000);
		expect(peers).toHaveLength(2);
		expect(last(peers).id).toBe(old.id);
		last(peers).open();
		old.emit('open', old.id);
		old.fail('network');
		expect([registration.state, registration.peerId]).toEqual(['online', old.id]);
	});

	test('an ID that is taken is given up for another', async () => {
		const { registration, peers } = await setUp();
		last(peers).fail('unavailable-id');
		expect(registration.state).toBe('offline');
		await vi.advanceTimersByTimeAsync(2_000);
		expect(peers).toHaveLength(2);
		expect(peers[1]?.id).not.toBe(peers[0]?.id);
		last(peers).open();
		expect(registration.peerId).toBe(peers[1]?.id);
	});

	test('an ID that was taken while we were away is given up too', async () => {
		const { registration, peers } = await setUp();
		const old = last(peers);
		old.open();
		old.fail('network');
		await vi.advanceTimersByTimeAsync(2_000);
		old.fail('unavailable-id');
		await vi.advanceTimersByTimeAsync(4_000);
		expect(last(peers).id).not.toBe(old.id);
		expect([old.destroyed, registration.peerId]).toEqual([false, old.id]);
		last(peers).open();
		expect(registration.peerId).toBe(last(peers).id);
	});

	test('a server that never answers the first time is offline after 8 s and tried again', async () => {
		const { registration, peers } = await setUp();
		let settled = false;
		void registration.settled().then(() => (settled = true));
		await vi.advanceTimersByTimeAsync(7_999);
		expect([registration.state, settled]).toEqual(['connecting', false]);
		await vi.advanceTimersByTimeAsync(1);
		expect([registration.state, settled, last(peers).disconnected]).toEqual(['offline', true, true]);
		await vi.advanceTimersByTimeAsync(2_000);
		expect(peers).toHaveLength(2);
	});

	test('a configuration that cannot be read is a state, retried; dialling says why', async () => {
		const setting = await setUp(new Error('config.json is broken.'));
		const { registration, peers, states } = setting;
		expect(states).toEqual(['offline']);
		expect(() => registration.dial('p1' as PeerId)).toThrow(
			expect.objectContaining({ code: 'signalling-unreachable', message: expect.stringContaining('config.json') })
		);
		setting.createFails = undefined;
		await vi.advanceTimersByTimeAsync(2_000);
		last(peers).open();
		expect(registration.state).toBe('online');
		expect(registration.dial('p1' as PeerId).peer).toBe('p1');
	});

	test('errors about single peers and connections change no state', async () => {
		const { registration, peers, unavailable } = await setUp();
		last(peers).open();
		const about = (type: string, message: string): void => {
			last(peers).emit('error', Object.assign(new Error(message), { type }));
		};
		about('peer-unavailable', 'Could not connect to peer p0123');
		about('webrtc', 'Failed to set remote description');
		expect(unavailable).toEqual(['p0123']);
		expect(registration.state).toBe('online');
	});

	test('stopped, it leaves the server, plans nothing and ignores late answers', async () => {
		const { registration, peers, states } = await setUp();
		last(peers).open();
		last(peers).fail('network');
		registration.stop();
		await vi.advanceTimersByTimeAsync(600_000);
		expect([peers.length, last(peers).reconnects]).toEqual([1, 0]);
		expect(states).toEqual(['online', 'offline']);
		registration.start();
		registration.stop();
		await vi.advanceTimersByTimeAsync(600_000);
		expect(last(peers).disconnected).toBe(true);
		expect(registration.state).toBe('offline');
	});
});

describe('what comes through the signalling socket', () => {
	const offer = {
		type: 'OFFER',
		src: 'p2',
		payload: {
			type: 'data',
			serialization: 'raw',
			reliable: true,
			connectionId: 'dc_1',
			sdp: { type: 'offer', sdp: 'v=0' }
		}
	};

	async function deliver(message: unknown, changes: Partial<Setting> = {}): Promise<Setting> {
		const setting = Object.assign(await setUp(), changes);
		last(setting.peers).open();
		last(setting.peers).connections.add('p2/dc_7');
		last(setting.peers).socket.emit('message', message);
		return setting;
	}

	test.each<[string, unknown]>([
		['an offer of ours', offer],
		['a word of the server', { type: 'OPEN' }],
		['an expired offer', { type: 'EXPIRE', src: 'p2' }],
		['an answer for a connection we have', { type: 'ANSWER', src: 'p2', payload: { connectionId: 'dc_7', sdp: {} } }],
		['a candidate for a connection we have', { type: 'CANDIDATE', src: 'p2', payload: { connectionId: 'dc_7' } }]
	])('%s reaches PeerJS', async (_, message) => {
		expect(last((await deliver(message)).peers).received).toEqual([message]);
	});

	test.each<[string, unknown]>([
		['null', null],
		['text', 'OFFER'],
		['an unknown type', { type: 'NONSENSE' }],
		['an offer without a sender', { ...offer, src: undefined }],
		['an offer from a malformed peer ID', { ...offer, src: '../p2' }],
		['a call', { ...offer, payload: { ...offer.payload, type: 'media' } }],
		['an unknown serialization', { ...offer, payload: { ...offer.payload, serialization: 'constructor' } }],
		['another serialization', { ...offer, payload: { ...offer.payload, serialization: 'json' } }],
		['an unreliable channel', { ...offer, payload: { ...offer.payload, reliable: false } }],
		['an offer without a description', { ...offer, payload: { ...offer.payload, sdp: null } }],
		['an answer for no connection', { type: 'ANSWER', src: 'p2', payload: { connectionId: 'dc_8', sdp: {} } }],
		["a candidate for another peer's connection", { type: 'CANDIDATE', src: 'p3', payload: { connectionId: 'dc_7' } }]
	])('%s does not', async (_, message) => {
		expect(last((await deliver(message)).peers).received).toEqual([]);
	});

	test('a peer that the server lost is unavailable to dial, and PeerJS does not close its links', async () => {
		const { peers, unavailable } = await deliver({ type: 'LEAVE', src: 'p2' });
		expect(last(peers).received).toEqual([]);
		expect(unavailable).toEqual(['p2']);
	});

	test('an offer that is not taken never reaches PeerJS, and who made it is told, but not without end', async () => {
		const refused = await deliver(offer, { takesOffers: false });
		expect(last(refused.peers).received).toEqual([]);
		expect(last(refused.peers).said).toEqual([{ type: 'LEAVE', dst: 'p2', payload: { code: 'too-many-peers' } }]);
		const silent = await deliver(offer, { takesOffers: false, tellsRefused: false });
		expect([last(silent.peers).received, last(silent.peers).said]).toEqual([[], []]);
		expect(last((await deliver(offer)).peers).said).toEqual([]);
	});

	test('what is no offer of ours is not even counted as one', async () => {
		const { peers } = await deliver({ ...offer, payload: { ...offer.payload, type: 'media' } }, { takesOffers: false });
		expect(last(peers).said).toEqual([]);
	});

	test('a peer that refused our offer has too many peers', async () => {
		const { gone } = await deliver({ type: 'LEAVE', src: 'p2', payload: { code: 'too-many-peers' } });
		expect(gone).toEqual([['p2', 'too-many-peers']]);
		expect((await deliver({ type: 'LEAVE', src: 'p2', payload: { code: 'x' } })).gone).toEqual([
			['p2', 'unknown-peer']
		]);
	});
});
