import { describe, expect, it } from 'vitest';
import { agreement, Cluster, linkedPeers, type ClusterNode } from '../../../tests/support/cluster';
import type { PeerId } from '../network/port';
import { askPeers } from './fetchElection';
import { fetchFromSeats } from './fetchFromSeats';
import { readDefinitionInline } from '../organising/readDefinition';
import { CURIOUS_MS, ENOUGH_LINKS, MAX_VISITS, ROUND_ALONE_MS } from './limits';
import { Rendezvous, seatsOf } from './rendezvous';

const TWO_MINUTES_MS = 120_000;

async function startAll(cluster: Cluster, count: number): Promise<ClusterNode[]> {
	const nodes: ClusterNode[] = [];
	for (let index = 0; index < count; index++) {
		nodes.push(await cluster.start({ rendezvous: true }));
		await cluster.advance(1_000);
	}
	await cluster.settle();
	return nodes;
}

/** Who can be reached from the first node over links. */
function reachable(nodes: readonly ClusterNode[]): number {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const found = new Set<PeerId>();
	const next = nodes[0] ? [nodes[0].id] : [];
	for (const id of next) {
		if (found.has(id)) continue;
		found.add(id);
		const node = byId.get(id);
		if (node) next.push(...linkedPeers(node).filter((peer) => byId.has(peer)));
	}
	return found.size;
}

describe('rendezvous', () => {
	it('names four seats by the election', () => {
		const { electionId } = new Cluster().harness;
		expect(seatsOf(electionId)).toEqual([0, 1, 2, 3].map((seat) => `pollen-${electionId.slice(0, 24)}-${seat}`));
	});

	it('brings nodes together that were told of nobody', async () => {
		const cluster = new Cluster();
		const nodes = await startAll(cluster, 8);
		expect(reachable(nodes)).toBe(8);
		await cluster.vote(nodes[7]!, 0);
		await cluster.mine(nodes[0]!);
		await cluster.settle();
		for (const node of nodes) expect(agreement(node)).toEqual(agreement(nodes[0]!));
	});

	it('leaves no link to a seat, and none to oneself', async () => {
		const cluster = new Cluster();
		const nodes = await startAll(cluster, 3);
		const ids = new Set(nodes.map(({ id }) => id));
		for (const node of nodes) {
			for (const peer of linkedPeers(node)) {
				expect(ids.has(peer)).toBe(true);
				expect(peer).not.toBe(node.id);
			}
		}
	});

	it('takes over the seat of a node that died, within two minutes', async () => {
		const cluster = new Cluster();
		const [first, second] = await startAll(cluster, 2);
		cluster.crash(first!);
		await cluster.advance(TWO_MINUTES_MS);
		const newcomer = await cluster.start({ rendezvous: true });
		await cluster.advance(ROUND_ALONE_MS[1]);
		expect(linkedPeers(newcomer)).toEqual([second!.id]);
	});

	it('waits while the signalling server is gone, and finds the others when it is back', async () => {
		const cluster = new Cluster();
		cluster.hub.setSignalling(false);
		const nodes = await startAll(cluster, 3);
		await cluster.advance(TWO_MINUTES_MS);
		expect(nodes.map((node) => linkedPeers(node).length)).toEqual([0, 0, 0]);
		cluster.hub.setSignalling(true);
		await cluster.advance(TWO_MINUTES_MS);
		expect(reachable(nodes)).toBe(3);
	});

	it('joins two groups again that a partition has parted', async () => {
		const cluster = new Cluster();
		const nodes = await startAll(cluster, 4);
		const island = nodes.slice(0, 2).map(({ id }) => id);
		cluster.hub.partition(island);
		await cluster.advance(TWO_MINUTES_MS);
		cluster.hub.heal();
		await cluster.advance(TWO_MINUTES_MS);
		expect(reachable(nodes)).toBe(4);
	});

	it('asks a seat now and then also where nothing is missing: there may be others who hold together', async () => {
		const cluster = new Cluster();
		const seated: ClusterNode[] = [];
		for (let i = 0; i < 4; i++) seated.push(await cluster.start({ rendezvous: true }));
		await cluster.advance(TWO_MINUTES_MS);
		const network = cluster.hub.network();
		network.start({ connection: () => undefined, signalling: () => undefined });
		await cluster.settle();
		const heardAt: number[] = [];
		const { electionId, clock } = cluster.harness;
		const rendezvous = new Rendezvous(electionId, network, clock, () => 0.5, {
			links: () => ENOUGH_LINKS,
			hearOf: (_, peerIds) => {
				expect(peerIds.toSorted()).toEqual(seated.map(({ id }) => id).toSorted());
				heardAt.push(clock.now());
			}
		});
		const startedAt = clock.now();
		rendezvous.start();
		await cluster.advance(2 * CURIOUS_MS[1]);
		rendezvous.stop();
		expect(heardAt.length).toBeGreaterThanOrEqual(2);
		expect(heardAt.length).toBeLessThanOrEqual(5);
		expect(heardAt[0]! - startedAt).toBeGreaterThan(60_000);
	});

	it('hands a newcomer the definition, and says so when nobody is there', async () => {
		const cluster = new Cluster();
		const { election, electionId, clock } = cluster.harness;
		const network = cluster.hub.network();
		network.start({ connection: () => undefined, signalling: () => undefined });
		await cluster.settle();
		expect(await cluster.refusal(fetchFromSeats(network, clock, electionId, readDefinitionInline))).toBe('no-election');
		await startAll(cluster, 1);
		expect(await cluster.done(fetchFromSeats(network, clock, electionId, readDefinitionInline))).toEqual(election);
	});

	it('lets another sit who has been asked often, and nobody else misses anything', async () => {
		const cluster = new Cluster({ chance: true });
		const nodes = await startAll(cluster, 6);
		const holder = nodes[0]!;
		const { electionId, clock } = cluster.harness;
		const seats = () => seatsOf(electionId).map((seat) => cluster.hub.holder(seat));
		const seat = seatsOf(electionId).find((seat) => cluster.hub.holder(seat) === holder.id)!;
		// Its neighbours have visited it as well.
		for (let visit = 0; visit < MAX_VISITS && cluster.hub.holder(seat) === holder.id; visit++) {
			const network = cluster.hub.network();
			network.start({ connection: () => undefined, signalling: () => undefined });
			await cluster.settle();
			expect((await cluster.done(askPeers(network, clock, seat, electionId))).length).toBeGreaterThan(0);
			network.stop();
		}
		await cluster.settle();
		expect(seats()).not.toContain(holder.id);
		await cluster.advance(2 * TWO_MINUTES_MS);
		expect(cluster.hub.holder(seat)).toBeDefined();
		expect(cluster.hub.holder(seat)).not.toBe(holder.id);
	});

	it('gives the seat up when the node stops', async () => {
		const cluster = new Cluster();
		const [first] = await startAll(cluster, 1);
		await first!.node.stop();
		const network = cluster.hub.network();
		network.start({ connection: () => undefined, signalling: () => undefined });
		await cluster.settle();
		for (const seat of seatsOf(cluster.harness.electionId)) {
			expect(await cluster.done(network.claim(seat, () => undefined))).toBeDefined();
		}
	});
});
