import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConnectionBudget } from './connectionBudget';
import { DIALS, OFFERS_OF_ONE, OPEN_TIMEOUT_MS, RESERVED_DIALS } from './limits';
import { createPeerJsNetwork } from './peerJsNetwork';
import type { PeerId } from './port';

/** A connection that never opens. */
class FakeConnection extends EventEmitter {
	constructor(readonly peer: string) {
		super();
	}

	close(): void {
		this.emit('close');
	}
}

/** What the network sees of PeerJS; each connection stands for one that the browser makes. */
class FakePeer extends EventEmitter {
	static made: FakePeer[] = [];
	static connections = 0;
	readonly said: { type: string; dst: string }[] = [];
	readonly socket = Object.assign(new EventEmitter(), { send: (message: never) => void this.said.push(message) });

	constructor() {
		super();
		FakePeer.made.push(this);
		this.socket.on('message', (message: { type: string; src: string }) => {
			if (message.type !== 'OFFER') return;
			FakePeer.connections++;
			this.emit('connection', new FakeConnection(message.src));
		});
	}

	connect(peerId: string): FakeConnection {
		FakePeer.connections++;
		return new FakeConnection(peerId);
	}

	getConnection(): null {
		return null;
	}

	disconnect(): void {}
}

vi.mock('peerjs', () => ({ Peer: FakePeer }));

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
	vi.stubGlobal('addEventListener', () => undefined);
	vi.stubGlobal('removeEventListener', () => undefined);
	FakePeer.made = [];
	FakePeer.connections = 0;
});

afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

async function setUp(maxConnections = 1_000) {
	const signalling = { host: 'localhost', port: 1, path: '/', secure: false };
	const config = async () => ({ signalling, iceServers: [], rendezvous: true });
	const network = createPeerJsNetwork({ config, maxConnections, budget: new ConnectionBudget(() => Date.now()) });
	network.start({ connection: () => undefined, signalling: () => undefined });
	// PeerJS is imported first, which takes turns of the event loop that no fake clock counts.
	while (!FakePeer.made[0]) await new Promise(setImmediate);
	await vi.advanceTimersByTimeAsync(0);
	const [peer] = FakePeer.made;
	peer.emit('open');
	const offer = (src: string) => {
		const payload = { type: 'data', serialization: 'raw', reliable: true, connectionId: 'dc_1' };
		peer.socket.emit('message', { type: 'OFFER', src, payload: { ...payload, sdp: { type: 'offer', sdp: 'v=0' } } });
	};
	return { network, peer, offer };
}

function codes(outcomes: readonly PromiseSettledResult<unknown>[]): unknown[] {
	return outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code);
}

test('dials beyond the budget make no connection, and those of the user go on for longer', async () => {
	const { network } = await setUp();
	const dial = (automatic: boolean) => network.connect('p1' as PeerId, { automatic });
	const automatic = Promise.allSettled(Array.from({ length: DIALS.burst }, () => dial(true)));
	await vi.advanceTimersByTimeAsync(0);
	expect(FakePeer.connections).toBe(DIALS.burst - RESERVED_DIALS);
	const byHand = Promise.allSettled(Array.from({ length: DIALS.burst }, () => dial(false)));
	await vi.advanceTimersByTimeAsync(OPEN_TIMEOUT_MS);
	expect(FakePeer.connections).toBe(DIALS.burst);
	expect(codes(await automatic).filter((code) => code === 'too-many-dials')).toHaveLength(RESERVED_DIALS);
	expect(codes(await byHand).filter((code) => code === 'peer-timeout')).toHaveLength(RESERVED_DIALS);
});

test('offers beyond the budget make no connection, and are refused', async () => {
	const { peer, offer } = await setUp();
	for (let i = 0; i < OFFERS_OF_ONE.burst + 3; i++) offer('p1');
	expect(FakePeer.connections).toBe(OFFERS_OF_ONE.burst);
	expect(peer.said.map(({ type, dst }) => [type, dst])).toEqual([1, 2, 3].map(() => ['LEAVE', 'p1']));
	offer('p2');
	expect(FakePeer.connections).toBe(OFFERS_OF_ONE.burst + 1);
});

test('a full node says so over four links at a time, and to more without a connection', async () => {
	const { network, peer, offer } = await setUp(3);
	for (let i = 0; i < 20; i++) offer(`p${i}`);
	expect(FakePeer.connections).toBe(3 + 4);
	expect(peer.said).toHaveLength(13);
	const refusal = Promise.allSettled([network.connect('p99' as PeerId)]);
	await vi.advanceTimersByTimeAsync(0);
	expect(codes(await refusal)).toEqual(['too-many-peers']);
	await vi.advanceTimersByTimeAsync(OPEN_TIMEOUT_MS);
	offer('p30');
	expect(FakePeer.connections).toBe(3 + 4 + 1);
});

test('a peer that takes no offer is heard at once', async () => {
	const { network, peer } = await setUp();
	const dialled = Promise.allSettled([network.connect('p1' as PeerId)]);
	await vi.advanceTimersByTimeAsync(10);
	peer.socket.emit('message', { type: 'LEAVE', src: 'p1', payload: { code: 'too-many-peers' } });
	await vi.advanceTimersByTimeAsync(0);
	expect(codes(await dialled)).toEqual(['too-many-peers']);
});
