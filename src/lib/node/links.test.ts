import { describe, expect, it } from 'vitest';
import { Cluster, linkedPeers, type ClusterNode } from '../../../tests/support/cluster';
import type { RawLink } from '../../../tests/support/rawPeer';
import type { ElectionId } from '../bytes/hash';
import type { PeerId } from '../network/port';
import {
	ASK_PEERS_MS,
	ENOUGH_TO_REST,
	HELLO_MS,
	HELLO_REPEAT_MS,
	MAX_DIALLING,
	MAX_OPEN,
	MAX_OUTBOUND,
	MAX_UNKNOWN_TRIES,
	PING_INTERVAL_MS,
	PONG_MS
} from './limits';
import { seatsOf } from './rendezvous';

/** Peers that a node dialled and is linked to. */
function outboundPeers({ node }: ClusterNode): PeerId[] {
	const peers = node.snapshot().peers.filter(({ direction, state }) => direction === 'outbound' && state === 'linked');
	return peers.map(({ peerId }) => peerId);
}

const NOBODY = 'p00000000000000000000' as PeerId;

function stateOf({ node }: ClusterNode, peerId: PeerId) {
	return node.snapshot().peers.find((peer) => peer.peerId === peerId)?.state;
}

describe('linking', () => {
	it('resolves when both have greeted, and shows the peer', async () => {
		const cluster = new Cluster();
		const [a, b] = [await cluster.start(), await cluster.start()];
		await cluster.done(b.node.setLabel('North'));
		await cluster.done(a.node.link(`  ${b.id}\n`));
		expect(a.node.snapshot().peers).toEqual([
			{ peerId: b.id, label: 'North', height: 0, latencyMs: 0, direction: 'outbound', state: 'linked' }
		]);
		expect(b.node.snapshot().peers).toMatchObject([{ peerId: a.id, label: '', direction: 'inbound' }]);
		await cluster.done(a.node.link(b.id));
		expect(linkedPeers(a)).toEqual([b.id]);
	});

	it('measures the round trip', async () => {
		const cluster = new Cluster({ faults: { minDelayMs: 30, maxDelayMs: 30 } });
		const [a, b] = [await cluster.start(), await cluster.start()];
		await cluster.advance(100);
		void a.node.link(b.id);
		await cluster.advance(1_000);
		expect(a.node.snapshot().peers).toMatchObject([{ latencyMs: 60 }]);
	});

	it('refuses the own ID, what is no ID, an unknown one, and anybody while signalling is down', async () => {
		const cluster = new Cluster();
		const [a, b] = [await cluster.start(), await cluster.start()];
		expect(await cluster.refusal(a.node.link(a.id))).toBe('self-link');
		expect(await cluster.refusal(a.node.link(''))).toBe('unknown-peer');
		expect(await cluster.refusal(a.node.link('no peer ID!'))).toBe('unknown-peer');
		expect(await cluster.refusal(a.node.link(NOBODY))).toBe('unknown-peer');
		cluster.hub.setSignalling(false);
		await cluster.settle();
		expect(await cluster.refusal(a.node.link(b.id))).toBe('signalling-unreachable');
		// What somebody typed and what never worked is not tried again behind their back.
		expect(a.node.snapshot().peers).toEqual([]);
	});

	it.each([
		['other-election', { electionId: 'ab'.repeat(32) as ElectionId }],
		['other-protocol', { protocol: 2 }]
	] as const)('refuses a peer with %s, on both sides, and is no grudge', async (code, changes) => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		raw.onLink = (link) => link.send(raw.hello(changes));
		expect(await cluster.refusal(a.node.link(raw.id))).toBe(code);
		expect(raw.links[0]?.bye).toBe(code);
		expect(a.node.snapshot().peers).toEqual([]);
		// It may open the right election the next time.
		expect((await raw.link(a.id)).of('hello')).toHaveLength(1);
		expect(linkedPeers(a)).toEqual([raw.id]);
	});

	it('tells whoever dials a node of another election why that is refused', async () => {
		const cluster = new Cluster();
		const other = new Cluster({ changes: { title: 'Another' } });
		const a = await cluster.start();
		const link = await (await cluster.raw()).link(a.id, { electionId: other.harness.electionId });
		expect(link.bye).toBe('other-election');
		expect(link.of('hello')).toMatchObject([{ electionId: cluster.harness.electionId }]);
	});

	it('gives up on a peer that does not greet', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const mute = await cluster.raw();
		mute.onLink = () => undefined;
		const linking = a.node.link(mute.id);
		expect(await cluster.refusal(linking, HELLO_MS - 1)).toBeUndefined();
		expect(stateOf(a, mute.id)).toBe('dialling');
		expect(await cluster.refusal(linking, 1)).toBe('peer-timeout');
		expect(stateOf(a, mute.id)).toBeUndefined();
	});

	it('passes on why the peer hung up', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		raw.onLink = (link) => link.send({ type: 'bye', code: 'too-many-peers' });
		expect(await cluster.refusal(a.node.link(raw.id))).toBe('too-many-peers');
	});

	it('counts links that have not greeted yet, whatever the network lets through', async () => {
		const cluster = new Cluster();
		const a = await cluster.start({ maxConnections: 100 });
		for (let i = 0; i < MAX_OPEN; i++) await (await cluster.raw()).dial(a.id);
		expect(linkedPeers(a)).toEqual([]);
		const late = await cluster.start();
		expect(await cluster.refusal(late.node.link(a.id))).toBe('too-many-peers');
		await cluster.advance(HELLO_MS);
		await cluster.link(late, a);
	});

	it('waits for the other link when this one is told to be the second', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		raw.onLink = (link) => link.send({ type: 'bye', code: 'already-linked' });
		const linking = a.node.link(raw.id);
		expect(await cluster.refusal(linking)).toBeUndefined();
		await raw.link(a.id);
		await cluster.done(linking);
		expect(linkedPeers(a)).toEqual([raw.id]);
		await cluster.advance(60_000);
		expect(raw.links).toHaveLength(2);
	});

	it('dials again when the link it waited for never came', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		raw.onLink = (link) => link.send({ type: 'bye', code: 'already-linked' });
		const linking = a.node.link(raw.id);
		await cluster.settle();
		raw.onLink = (link) => link.send(raw.hello());
		await cluster.advance(2_000);
		await cluster.done(linking);
		expect(linkedPeers(a)).toEqual([raw.id]);
	});

	it('does not take the end of an inbound link for that of the one it dials', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		let dialled: RawLink | undefined;
		raw.onLink = (link) => (dialled = link);
		const linking = a.node.link(raw.id);
		await cluster.settle();
		const other = await raw.dial(a.id);
		other.connection.close('link-lost');
		expect(await cluster.refusal(linking)).toBeUndefined();
		dialled?.send(raw.hello());
		await cluster.done(linking);
	});

	it.each([1, 2, 3, 4, 5, 6])('ends in one link when two dial each other at once (seed %i)', async (seed) => {
		const cluster = new Cluster({ seed, faults: { minDelayMs: 5, maxDelayMs: 60 } });
		const [a, b] = [await cluster.start(), await cluster.start()];
		await cluster.advance(200);
		const both = Promise.all([a.node.link(b.id), b.node.link(a.id)]);
		await cluster.advance(5_000);
		await cluster.done(both);
		expect(linkedPeers(a)).toEqual([b.id]);
		expect(linkedPeers(b)).toEqual([a.id]);
		const [fromA, fromB] = [a.node.snapshot().peers[0], b.node.snapshot().peers[0]];
		// The same link: what goes out at one end comes in at the other, and the smaller ID dialled it.
		expect(fromA?.direction).toBe(a.id < b.id ? 'outbound' : 'inbound');
		expect(fromB?.direction).toBe(a.id < b.id ? 'inbound' : 'outbound');
		await cluster.advance(120_000);
		expect(linkedPeers(a)).toEqual([b.id]);
		expect(a.sent.of('hello', b.id).length).toBeLessThanOrEqual(2);
	});
});

describe('keeping links', () => {
	it('finds a dead peer by its silence', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		const link = await raw.link(a.id);
		await cluster.advance(PING_INTERVAL_MS);
		expect(link.of('ping')).toHaveLength(2);
		link.isDead = true;
		await cluster.advance(PING_INTERVAL_MS + PONG_MS - 1);
		expect(link.isClosed).toBe(false);
		await cluster.advance(1);
		expect(link.bye).toBe('peer-timeout');
		expect(a.node.snapshot().peers).toEqual([]);
	});

	it('takes whatever arrives for a sign of life', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const link = await (await cluster.raw()).link(a.id);
		link.isDead = true;
		for (let i = 0; i < 10; i++) {
			await cluster.advance(PONG_MS - 1);
			link.send({ type: 'getPeers' });
		}
		await cluster.settle();
		expect(link.isClosed).toBe(false);
		await cluster.advance(PING_INTERVAL_MS + PONG_MS);
		expect(link.bye).toBe('peer-timeout');
	});

	it('dials a lost peer again, waiting twice as long each time', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		let isIn = true;
		const dialledAt: number[] = [];
		raw.onLink = (link) => {
			dialledAt.push(cluster.now);
			if (isIn) link.send(raw.hello());
			else link.connection.close('link-lost');
		};
		await cluster.done(a.node.link(raw.id));
		isIn = false;
		raw.links[0]?.connection.close('link-lost');
		await cluster.settle();
		expect(stateOf(a, raw.id)).toBe('waiting');
		await cluster.advance(3_600_000);
		const waits = dialledAt.slice(1).map((at, i) => at - (dialledAt[i] as number));
		// The cluster's dice always show a half: a wait is three quarters of its ceiling of 2 s, 4 s, ... 10 min.
		expect(waits.slice(0, 12)).toEqual([
			1_500, 3_000, 6_000, 12_000, 24_000, 48_000, 96_000, 192_000, 384_000, 450_000, 450_000, 450_000
		]);
		isIn = true;
		await cluster.advance(600_000);
		expect(linkedPeers(a)).toEqual([raw.id]);
		raw.links.at(-1)?.connection.close('link-lost');
		await cluster.advance(1_500);
		expect(linkedPeers(a)).toEqual([raw.id]);
	});

	it('is linked again after its network was away, at both ends', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		cluster.hub.dropLinks(a.id, b.id);
		await cluster.settle();
		expect([linkedPeers(a), linkedPeers(b)]).toEqual([[], []]);
		await cluster.advance(2_000);
		expect([linkedPeers(a), linkedPeers(b)]).toEqual([[b.id], [a.id]]);
	});

	it('is linked again when only its own end of the link was lost', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		// `b` does not learn of it, as when a laptop sleeps: its end stays open and silent.
		cluster.hub.partition([a.id]);
		await cluster.advance(PING_INTERVAL_MS + PONG_MS);
		cluster.hub.heal();
		await cluster.advance(20_000);
		expect([linkedPeers(a), linkedPeers(b)]).toEqual([[b.id], [a.id]]);
	});

	it('takes a second link in the same direction for the living one', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		const first = await raw.link(a.id);
		const second = await raw.link(a.id);
		expect(first.bye).toBe('already-linked');
		expect(second.isClosed).toBe(false);
		expect(linkedPeers(a)).toEqual([raw.id]);
	});

	it('gives up on an ID that is gone', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		let dials = 0;
		const { connect } = a.network;
		Object.assign(a.network, {
			connect: (peerId: PeerId) => {
				dials += 1;
				return connect(peerId);
			}
		});
		await b.node.stop();
		await cluster.settle();
		expect(stateOf(a, b.id)).toBe('waiting');
		await cluster.advance(600_000);
		expect(dials).toBe(MAX_UNKNOWN_TRIES);
		expect(a.node.snapshot().peers).toEqual([]);
	});

	it('keeps its links while signalling is down, and dials lost peers as soon as it is back', async () => {
		const cluster = new Cluster();
		const [a, b, c] = (await cluster.startLine(3)) as [ClusterNode, ClusterNode, ClusterNode];
		cluster.hub.setSignalling(false);
		cluster.hub.dropLinks(b.id, c.id);
		await cluster.advance(3_000_000);
		expect(b.node.snapshot().signalling).toBe('offline');
		expect(stateOf(b, c.id)).toBe('waiting');
		expect(linkedPeers(b)).toEqual([a.id]);
		cluster.hub.setSignalling(true);
		await cluster.settle();
		expect(linkedPeers(b)).toContain(c.id);
	});

	it('answers a caller at the first failure, also while it goes on trying', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		cluster.hub.setSignalling(false);
		cluster.hub.dropLinks(a.id, b.id);
		await cluster.advance(10_000);
		expect(await cluster.refusal(a.node.link(b.id))).toBe('signalling-unreachable');
		expect(stateOf(a, b.id)).toBe('waiting');
		cluster.hub.setSignalling(true);
		await cluster.settle();
		expect(linkedPeers(a)).toEqual([b.id]);
	});

	it('keeps a link that the peer dialled once somebody asks for it by name', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const raw = await cluster.raw();
		raw.onLink = (link) => link.send(raw.hello());
		const link = await raw.link(a.id);
		await cluster.done(a.node.link(raw.id));
		link.connection.close('link-lost');
		await cluster.advance(2_000);
		expect(a.node.snapshot().peers).toMatchObject([{ peerId: raw.id, direction: 'outbound', state: 'linked' }]);
	});
});

describe('unlinking', () => {
	it('is for good at both ends, also through gossip', async () => {
		const cluster = new Cluster();
		const [a, b, c] = (await cluster.startLine(3)) as [ClusterNode, ClusterNode, ClusterNode];
		await cluster.settle();
		expect(linkedPeers(a)).toContain(c.id);
		a.node.unlink(b.id);
		await cluster.settle();
		expect(linkedPeers(a)).toEqual([c.id]);
		expect(linkedPeers(b)).toEqual([c.id]);
		// A newcomer makes everybody speak of everybody.
		const d = await cluster.start();
		await cluster.link(d, c);
		const raw = await cluster.raw();
		const link = await raw.link(a.id);
		link.send({ type: 'peers', peerIds: [b.id] });
		(await raw.link(b.id)).send({ type: 'peers', peerIds: [a.id] });
		await cluster.advance(3_600_000);
		expect(linkedPeers(a)).not.toContain(b.id);
		expect(linkedPeers(b)).not.toContain(a.id);
		await cluster.link(a, b);
		expect(linkedPeers(a)).toContain(b.id);
	});

	it('stops a dial that is under way, before and after the link is open', async () => {
		const cluster = new Cluster({ faults: { minDelayMs: 10, maxDelayMs: 10 } });
		const a = await cluster.start();
		const mute = await cluster.raw();
		mute.onLink = () => undefined;
		await cluster.advance(100);
		for (const openMs of [5, 500]) {
			mute.onLink = (link) => openMs === 5 && link.send(mute.hello());
			const linking = a.node.link(mute.id);
			const refusal = cluster.refusal(linking, openMs);
			await refusal;
			a.node.unlink(mute.id);
			expect(await cluster.refusal(linking, 100)).toBe('unlinked');
			expect(a.node.snapshot().peers).toEqual([]);
			expect(mute.links.at(-1)?.of('hello').length).toBe(openMs === 5 ? 0 : 1);
		}
		expect(mute.links.every(({ isClosed }) => isClosed)).toBe(true);
	});

	it('stops a retry, and the peer is told when it dials', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		cluster.hub.dropLinks(a.id, b.id);
		await cluster.settle();
		a.node.unlink(b.id);
		await cluster.advance(600_000);
		expect(a.node.snapshot().peers).toEqual([]);
		expect(b.node.snapshot().peers).toEqual([]);
		// Its user may still think otherwise.
		await cluster.link(b, a);
		expect(linkedPeers(a)).toEqual([b.id]);
	});
});

describe('gossip', () => {
	it('links nodes that only heard of each other, until each has dialled six', async () => {
		const cluster = new Cluster();
		const hub = await cluster.start();
		const nodes: ClusterNode[] = [];
		for (let i = 0; i < 9; i++) {
			const node = await cluster.start();
			await cluster.link(node, hub);
			nodes.push(node);
		}
		const last = nodes.at(-1) as ClusterNode;
		expect(linkedPeers(nodes[1] as ClusterNode)).toContain((nodes[0] as ClusterNode).id);
		expect(outboundPeers(last)).toHaveLength(MAX_OUTBOUND);
		expect(new Set(last.sent.messages.map(({ to }) => to)).size).toBe(MAX_OUTBOUND);
		expect(linkedPeers(hub)).toHaveLength(9);
	});

	it('leaves room for two when others have dialled it', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const others = [await cluster.start(), await cluster.start()];
		for (let i = 0; i < ENOUGH_TO_REST; i++) await (await cluster.raw()).link(a.id);
		const teller = await cluster.raw();
		(await teller.link(a.id)).send({ type: 'peers', peerIds: others.map(({ id }) => id) });
		await cluster.advance(60_000);
		expect(outboundPeers(a)).toEqual([]);
	});

	it('does not dial itself, nor a seat, and forgets at once what strangers make up', async () => {
		const cluster = new Cluster({ faults: { minDelayMs: 10, maxDelayMs: 10 } });
		const a = await cluster.start();
		await cluster.advance(100);
		const raw = await cluster.raw();
		await cluster.advance(100);
		const dialling = raw.link(a.id);
		await cluster.advance(1_000);
		const link = await dialling;
		await cluster.advance(1_000);
		const dialled: PeerId[] = [];
		const { connect } = a.network;
		Object.assign(a.network, {
			connect: (peerId: PeerId) => {
				dialled.push(peerId);
				return connect(peerId);
			}
		});
		const invented = Array.from({ length: 30 }, (_, i) => `p${String(i).padStart(20, '0')}`);
		link.send({ type: 'peers', peerIds: [a.id, ...seatsOf(cluster.harness.electionId).slice(0, 1), ...invented] });
		await cluster.advance(15);
		expect(a.node.snapshot().peers.filter(({ state }) => state === 'dialling')).toHaveLength(MAX_DIALLING);
		await cluster.advance(20_000);
		expect(dialled.toSorted()).toEqual(invented);
		// Nobody asked for more.
		link.send({ type: 'peers', peerIds: ['p999', 'p998'] });
		await cluster.advance(1_000);
		expect(dialled).toHaveLength(30);
	});

	it('asks again while it lacks links and knows of nobody, and not when it has enough', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const link = await (await cluster.raw()).link(a.id);
		expect(link.of('getPeers')).toHaveLength(1);
		await cluster.advance(4 * ASK_PEERS_MS[1]);
		const asked = link.of('getPeers').length;
		expect(asked).toBeGreaterThanOrEqual(4);
		expect(asked).toBeLessThanOrEqual(10);
		const late = await cluster.start();
		link.send({ type: 'peers', peerIds: [late.id] });
		await cluster.settle();
		expect(outboundPeers(a)).toEqual([late.id]);
		for (let i = 0; i < ENOUGH_TO_REST; i++) await (await cluster.raw()).link(a.id);
		const before = link.of('getPeers').length;
		await cluster.advance(4 * ASK_PEERS_MS[1]);
		expect(link.of('getPeers')).toHaveLength(before);
	});

	it('does not speak of tabs that only came to ask for the election', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const visitor = await cluster.raw();
		await visitor.link(a.id, { electionId: '00'.repeat(32) as ElectionId });
		const asking = await (await cluster.raw()).link(a.id);
		asking.send({ type: 'getPeers' });
		await cluster.settle();
		expect(asking.of('peers')).toEqual([{ type: 'peers', peerIds: [a.id] }]);
		expect(a.disk.elections.get(cluster.harness.electionId)?.peers).not.toContain(visitor.id);
	});
});

describe('restart and crash', () => {
	it('returns at its tip with its pending ballots, and finds its peers again', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		await cluster.vote(a, 0);
		await cluster.mine(a);
		await cluster.done(a.node.setLabel('South'));
		const { ballotId } = await cluster.vote(a, 1);
		const before = a.node.snapshot();
		const again = await cluster.restart(a);
		const after = again.node.snapshot();
		expect(after).toMatchObject({ height: 1, tip: before.tip, work: before.work, label: 'South' });
		expect(after.pending.map(({ id }) => id)).toEqual([ballotId]);
		expect(again.id).not.toBe(a.id);
		expect(linkedPeers(again)).toEqual([b.id]);
		expect(linkedPeers(b)).toContain(again.id);
		// Nothing proved is proved again, but what had not been recorded yet.
		expect(again.statistics.verified).toBe(1);
		expect((await again.node.receipts()).map(({ voterId }) => voterId)).toEqual(['VOTER0', 'VOTER1']);
	});

	it('loses nothing when the tab dies without a word', async () => {
		const cluster = new Cluster();
		const [a, b, c] = (await cluster.startLine(3)) as [ClusterNode, ClusterNode, ClusterNode];
		await cluster.vote(c, 0);
		await cluster.mine(c);
		const { ballotId } = await cluster.vote(a, 1);
		cluster.crash(a);
		await cluster.vote(b, 2);
		await cluster.mine(b);
		const again = await cluster.start({ disk: a.disk });
		expect(again.node.snapshot().height).toBe(2);
		expect(again.node.results().ballots).toBe(3);
		expect(again.node.ballots().map(({ nullifier }) => nullifier)).toEqual(
			b.node.ballots().map(({ nullifier }) => nullifier)
		);
		expect(again.node.pending().map(({ id }) => id)).not.toContain(ballotId);
		expect(linkedPeers(again).toSorted()).toEqual([b.id, c.id].toSorted());
		// The others notice, and give up on the old ID.
		await cluster.advance(600_000);
		for (const node of [b, c]) expect(node.node.snapshot().peers.map(({ peerId }) => peerId)).not.toContain(a.id);
	});

	it('remembers peers that it dialled or that dialled it, newest first, and not those it ended with', async () => {
		const cluster = new Cluster();
		const [a, b] = [await cluster.start(), await cluster.start()];
		const [c, d] = [await cluster.start(), await cluster.start()];
		await cluster.link(a, b);
		await cluster.link(c, a);
		await cluster.link(a, d);
		a.node.unlink(c.id);
		await cluster.settle();
		const stored = () => a.disk.elections.get(cluster.harness.electionId)?.peers;
		expect(stored()).toEqual([d.id, b.id]);
		// A peer that is away for a moment is not forgotten.
		cluster.hub.dropLinks(a.id, d.id);
		await cluster.settle();
		expect(stored()).toEqual([d.id, b.id]);
		await a.node.stop();
		expect(stored()).toEqual([d.id, b.id]);
		// Nor does a start that reaches nobody change the order.
		cluster.hub.setSignalling(false);
		const again = await cluster.start({ disk: a.disk });
		await again.node.stop();
		expect(stored()).toEqual([d.id, b.id]);
	});

	it('forgets peers of the last session that are gone', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		await b.node.stop();
		await a.node.stop();
		expect(a.disk.elections.get(cluster.harness.electionId)?.peers).toEqual([b.id]);
		const again = await cluster.start({ disk: a.disk });
		expect(again.node.snapshot().peers).toEqual([]);
		await again.node.stop();
		expect(a.disk.elections.get(cluster.harness.electionId)?.peers).toEqual([]);
	});

	it('is quiet after a stop', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		await a.node.stop();
		await cluster.settle();
		expect(linkedPeers(b)).toEqual([]);
		expect(a.miner.isClosed).toBe(true);
		const said = a.sent.messages.length;
		await cluster.advance(600_000);
		expect(a.sent.messages.length).toBe(said);
		expect(await a.node.mine()).toBeNull();
	});
});

describe('a hello that was lost', () => {
	it('is asked for again by the side that dialled', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const peer = await cluster.raw();
		let heard = 0;
		peer.onLink = (link) => {
			link.onMessage = (message) => {
				if (message.type !== 'hello') return;
				heard += 1;
				if (heard === 2) link.send(peer.hello());
			};
		};
		const linking = a.node.link(peer.id);
		await cluster.advance(HELLO_REPEAT_MS - 1);
		expect(a.node.snapshot().peers).toMatchObject([{ state: 'dialling' }]);
		await cluster.advance(1);
		await cluster.done(linking);
		expect(a.node.snapshot().peers).toMatchObject([{ state: 'linked' }]);
		await cluster.advance(HELLO_MS);
		expect(heard, 'once it is linked it is not repeated').toBe(2);
	});

	it('is said again to a peer that dialled and repeats its own', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const peer = await cluster.raw();
		const link = await peer.link(a.id);
		expect(link.of('hello')).toHaveLength(1);
		link.send(peer.hello());
		await cluster.settle();
		expect(link.of('hello')).toHaveLength(2);
		expect(link.isClosed).toBe(false);
	});
});
