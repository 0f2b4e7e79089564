import { describe, expect, it } from 'vitest';
import { agreement, Cluster, linkedPeers, type ClusterNode } from '../../../tests/support/cluster';
import type { RawLink, RawPeer } from '../../../tests/support/rawPeer';
import type { ElectionId } from '../bytes/hash';
import { encodeBlock } from '../election/block';
import type { PeerId } from '../network/port';
import { EVICTION_PAUSE_MS, KEPT_OUTBOUND, MAX_LINKS, MAX_OUTBOUND, VISIT_MS } from './limits';

const NO_ELECTION = '00'.repeat(32) as ElectionId;

function peersOf({ node }: ClusterNode, direction: 'inbound' | 'outbound'): PeerId[] {
	const peers = node.snapshot().peers.filter((peer) => peer.direction === direction && peer.state === 'linked');
	return peers.map(({ peerId }) => peerId);
}

/** How many of these nodes the first can reach over links that both ends have. */
function reachable(nodes: readonly ClusterNode[]): number {
	const found = new Set<ClusterNode>(nodes.slice(0, 1));
	for (const node of found) {
		const linked = linkedPeers(node);
		for (const other of nodes) {
			if (linked.includes(other.id) && linkedPeers(other).includes(node.id)) found.add(other);
		}
	}
	return found.size;
}

/** Nodes that were all told of the first, or find each other by the seats. */
async function startMesh(
	cluster: Cluster,
	count: number,
	{ rendezvous = false, everyMs = 500 } = {}
): Promise<ClusterNode[]> {
	const nodes: ClusterNode[] = [];
	for (let i = 0; i < count; i++) {
		const node = await cluster.start({ rendezvous });
		await cluster.advance(everyMs);
		if (!rendezvous && nodes[0]) node.node.link(nodes[0].id).catch(() => undefined);
		await cluster.advance(everyMs);
		nodes.push(node);
	}
	return nodes;
}

/** What holds for every node of a mesh that is large enough, once it is at rest. */
function expectSound(nodes: readonly ClusterNode[]): void {
	expect(reachable(nodes)).toBe(nodes.length);
	for (const node of nodes) {
		const linked = linkedPeers(node);
		expect(linked.length).toBeLessThanOrEqual(MAX_LINKS);
		expect(new Set(linked).size, 'one link with each').toBe(linked.length);
		const outbound = peersOf(node, 'outbound').length;
		expect(outbound).toBeLessThanOrEqual(MAX_OUTBOUND);
		// A node that many have dialled leaves the last two places to others, and need not dial itself.
		expect(outbound >= KEPT_OUTBOUND || linked.length >= 10, `${outbound} of ${linked.length}`).toBe(true);
	}
}

describe('a mesh', () => {
	it.each([1, 2, 3])('heals when four of twelve tabs die without a word (seed %i)', async (seed) => {
		const cluster = new Cluster({ seed, chance: true, faults: { minDelayMs: 5, maxDelayMs: 80 } });
		const nodes = await startMesh(cluster, 12, { rendezvous: true });
		await cluster.advance(60_000);
		expectSound(nodes);
		const dead = [0, 3, 5, 8].map((index) => nodes[index]!);
		for (const node of dead) cluster.crash(node);
		await cluster.advance(60_000);
		const living = nodes.filter((node) => !dead.includes(node));
		expect(reachable(living)).toBe(8);
		for (const node of living) {
			// Seven others live, and each link of two is outbound for one of them.
			expect(linkedPeers(node).length).toBeGreaterThanOrEqual(6);
			for (const { id } of dead) expect(linkedPeers(node)).not.toContain(id);
		}
		const outbound = living.map((node) => peersOf(node, 'outbound').length);
		expect(outbound.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(24);
	});

	it.each([1, 2, 3])('of thirty grows from one peer that all were told of (seed %i)', async (seed) => {
		const cluster = new Cluster({ seed, chance: true, faults: { minDelayMs: 5, maxDelayMs: 80 } });
		const nodes = await startMesh(cluster, 30, { everyMs: 250 });
		await cluster.advance(120_000);
		expectSound(nodes);
		await cluster.vote(nodes[29]!, 0);
		await cluster.advance(5_000);
		for (const node of nodes) expect(agreement(node)).toEqual(agreement(nodes[29]!));
	});

	it.each([1, 2])('is one again after it was parted for minutes (seed %i)', async (seed) => {
		const cluster = new Cluster({ seed, chance: true, faults: { minDelayMs: 5, maxDelayMs: 80 } });
		const nodes = await startMesh(cluster, 28, { rendezvous: true, everyMs: 250 });
		await cluster.advance(60_000);
		const island = nodes.slice(0, 14);
		cluster.hub.partition(island.map(({ id }) => id));
		await cluster.advance(300_000);
		expect(reachable(island)).toBe(14);
		expect(reachable([...nodes].reverse())).toBe(14);
		cluster.hub.heal();
		await cluster.advance(300_000);
		expectSound(nodes);
	});

	it('of thirty grows from one seat', async () => {
		const cluster = new Cluster({ chance: true, faults: { minDelayMs: 5, maxDelayMs: 80 } });
		const nodes = await startMesh(cluster, 30, { rendezvous: true, everyMs: 250 });
		await cluster.advance(120_000);
		expectSound(nodes);
	});
});

describe('p2p_eviction: a full node makes room', () => {
	/** A node with six outbound links to raw peers, and so many inbound ones. */
	async function fullNode(inbound: number) {
		const cluster = new Cluster({ chance: true });
		const node = await cluster.start();
		const outbound = await Promise.all(Array.from({ length: MAX_OUTBOUND }, () => cluster.raw()));
		for (const peer of outbound) peer.onLink = (link) => link.send(peer.hello());
		const teller = await cluster.raw();
		const first = await teller.link(node.id);
		first.send({ type: 'peers', peerIds: outbound.map(({ id }) => id) });
		await cluster.advance(1_000);
		expect(peersOf(node, 'outbound')).toHaveLength(MAX_OUTBOUND);
		const links: RawLink[] = [first];
		while (links.length < inbound) links.push(await (await cluster.raw()).link(node.id));
		return { cluster, node, outbound, links };
	}

	it('by letting go of its own outbound links beyond the third, one in ten seconds', async () => {
		const { cluster, node, outbound, links } = await fullNode(6);
		expect(linkedPeers(node)).toHaveLength(MAX_LINKS);
		const newcomer = await (await cluster.raw()).link(node.id);
		expect(newcomer.isClosed).toBe(false);
		expect(linkedPeers(node)).toHaveLength(MAX_LINKS);
		expect(peersOf(node, 'outbound')).toHaveLength(MAX_OUTBOUND - 1);
		expect(outbound.filter(({ links: [link] }) => link?.bye === 'too-many-peers')).toHaveLength(1);

		const early = await (await cluster.raw()).link(node.id);
		expect(early.bye).toBe('too-many-peers');
		expect(early.of('hello'), 'there never was a link').toEqual([]);
		await cluster.advance(EVICTION_PAUSE_MS);
		expect((await (await cluster.raw()).link(node.id)).isClosed).toBe(false);
		expect(links.every(({ isClosed }) => !isClosed)).toBe(true);
		expect(peersOf(node, 'outbound')).toHaveLength(MAX_OUTBOUND - 2);
	});

	it('and tells whom it has no room for of others', async () => {
		const { cluster, node } = await fullNode(6);
		await (await cluster.raw()).link(node.id);
		const early = await (await cluster.raw()).link(node.id);
		expect(early.of('peers')).toEqual([{ type: 'peers', peerIds: [node.id, ...linkedPeers(node)] }]);

		const [newcomer, other, full] = [await cluster.start(), await cluster.start(), await cluster.raw()];
		full.onLink = (link) => {
			link.send({ type: 'peers', peerIds: [other.id] });
			link.send({ type: 'bye', code: 'too-many-peers' });
		};
		expect(await cluster.refusal(newcomer.node.link(full.id))).toBe('too-many-peers');
		expect(linkedPeers(newcomer)).toEqual([other.id]);
	});

	it('for a peer that the user asks for as well, and never by letting go of one', async () => {
		const cluster = new Cluster({ chance: true });
		const a = await cluster.start();
		const chosen: RawPeer[] = [];
		for (let i = 0; i < MAX_LINKS; i++) chosen.push(await cluster.raw());
		for (const peer of chosen) peer.onLink = (link) => link.send(peer.hello());
		const last = chosen.pop()!;
		for (const { id } of chosen.slice(0, 8)) await cluster.done(a.node.link(id));
		const strangers: RawLink[] = [];
		for (let i = 0; i < 4; i++) strangers.push(await (await cluster.raw()).link(a.id));
		await cluster.done(a.node.link(last.id));
		expect(strangers.filter(({ isClosed }) => isClosed)).toHaveLength(1);
		for (let i = 0; i < 20; i++) {
			await cluster.advance(EVICTION_PAUSE_MS);
			await (await cluster.raw()).link(a.id);
		}
		expect(linkedPeers(a)).toHaveLength(MAX_LINKS);
		for (const { id } of [...chosen.slice(0, 8), last]) expect(linkedPeers(a)).toContain(id);
	});

	it('not for a tab that only came to ask, which fits beside, and does not stay', async () => {
		const { cluster, node } = await fullNode(6);
		const before = linkedPeers(node);
		const visitor = await (await cluster.raw()).link(node.id, { electionId: NO_ELECTION });
		visitor.send({ type: 'getPeers' });
		await cluster.settle();
		expect(visitor.of('peers')[0]?.peerIds).toEqual([node.id, ...before]);
		await cluster.advance(VISIT_MS);
		expect(visitor.bye).toBe('peer-timeout');
		expect(linkedPeers(node)).toEqual(before);
	});

	it('but an attacker with fifty links pushes out neither its outbound links nor those that are useful', async () => {
		const { cluster, node, outbound, links } = await fullNode(4);
		// One brings what nobody else has; the others are as near as the attacker's.
		const useful = links[3]!;
		const [block] = cluster.harness.mineChain(cluster.harness.genesis, 1);
		useful.send({ type: 'headers', headers: [block!.header] });
		useful.send({ type: 'block', block: encodeBlock(block!.block) });
		await cluster.settle();
		for (let i = 0; i < 50; i++) {
			await (await cluster.raw()).link(node.id);
			await cluster.advance(EVICTION_PAUSE_MS);
		}
		expect(linkedPeers(node).length).toBeLessThanOrEqual(MAX_LINKS);
		const kept = outbound.filter(({ id }) => peersOf(node, 'outbound').includes(id));
		expect(kept.length).toBeGreaterThanOrEqual(KEPT_OUTBOUND);
		expect(useful.bye).toBeUndefined();
		expect(links[0]!.isClosed, 'the nearest').toBe(false);
	});

	it.each([1, 2, 3])('so that a newcomer gets into a mesh of full nodes (seed %i)', async (seed) => {
		const cluster = new Cluster({ seed, chance: true });
		const nodes = await startMesh(cluster, 14);
		await cluster.advance(60_000);
		// Strangers take every place that is left.
		const free = () => nodes.filter((node) => linkedPeers(node).length < MAX_LINKS);
		for (let i = 0; i < 100 && free()[0]; i++) await (await cluster.raw()).link(free()[0]!.id);
		expect(free()).toEqual([]);
		const newcomer = await cluster.start();
		newcomer.node.link(nodes[3]!.id).catch(() => undefined);
		await cluster.advance(60_000);
		expect(linkedPeers(newcomer).length).toBeGreaterThanOrEqual(KEPT_OUTBOUND);
		expect(reachable([...nodes, newcomer])).toBe(15);
		for (const node of nodes) {
			expect(linkedPeers(node).length).toBeLessThanOrEqual(MAX_LINKS);
			expect(linkedPeers(node).length).toBeGreaterThanOrEqual(MAX_LINKS - 2);
		}
	});
});
