import { describe, expect, it } from 'vitest';
import { Cluster } from '../../../tests/support/cluster';
import type { RawLink } from '../../../tests/support/rawPeer';
import { ZERO_HASH, type ElectionId } from '../bytes/hash';
import { encodeElection } from '../election/definition';
import { sampleElection } from '../election/testing/samples';
import type { PeerId } from '../network/port';
import type { Hello } from '../wire/messages';
import { askElectionId, fetchElection } from './fetchElection';
import { BODY_TIMEOUT_MS, HELLO_MS } from './limits';
import { readDefinitionInline } from '../organising/readDefinition';

/** A tab that has no node yet, on the network of a cluster. */
async function stranger(cluster: Cluster) {
	const network = cluster.hub.network();
	network.start({ connection: () => undefined, signalling: () => undefined });
	await cluster.settle();
	return {
		ask: (peerId: PeerId) => askElectionId(network, cluster.turns, peerId),
		fetch: (peerId: PeerId, electionId: ElectionId) =>
			fetchElection(network, cluster.turns, peerId, electionId, readDefinitionInline)
	};
}

/** A peer that greets with `changes` and answers every request for a definition with these bytes. */
async function impostor(cluster: Cluster, changes: Partial<Hello>, definition?: Uint8Array) {
	const peer = await cluster.raw();
	peer.onLink = (link: RawLink) => {
		link.send({ ...peer.hello(), ...changes });
		link.onMessage = (message) => {
			if (message.type === 'getElection' && definition) link.send({ type: 'election', definition });
		};
	};
	return peer.network.peerId!;
}

describe('asking a peer for its election', () => {
	it('learns its ID, and its definition, and hangs up', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const { ask, fetch } = await stranger(cluster);
		expect(await cluster.done(ask(a.id))).toBe(a.node.electionId);
		expect(await cluster.done(fetch(a.id, a.node.electionId))).toEqual(a.node.election);
		await cluster.settle();
		expect(a.node.snapshot().peers).toEqual([]);
	});

	it('believes nobody: another definition is refused, however the peer greets', async () => {
		const cluster = new Cluster();
		const electionId = cluster.harness.electionId;
		const { fetch } = await stranger(cluster);
		const other = await impostor(cluster, {}, encodeElection(sampleElection({ title: 'Another' })));
		expect(await cluster.refusal(fetch(other, electionId))).toBe('bad-definition');
		const junk = await impostor(cluster, {}, Uint8Array.of(1, 2, 3));
		expect(await cluster.refusal(fetch(junk, electionId))).toBe('bad-definition');
	});

	it('refuses a peer of another election or protocol, or without one', async () => {
		const cluster = new Cluster();
		const { ask, fetch } = await stranger(cluster);
		const elsewhere = await impostor(cluster, { electionId: 'cd'.repeat(32) as ElectionId });
		expect(await cluster.refusal(fetch(elsewhere, cluster.harness.electionId))).toBe('other-election');
		expect(await cluster.refusal(ask(await impostor(cluster, { protocol: 9 })))).toBe('other-protocol');
		expect(await cluster.refusal(ask(await impostor(cluster, { electionId: ZERO_HASH })))).toBe('no-election');
	});

	it('does not wait for ever', async () => {
		const cluster = new Cluster();
		const { ask, fetch } = await stranger(cluster);
		expect(await cluster.refusal(ask('nobody' as PeerId))).toBe('unknown-peer');
		const mute = (await cluster.raw()).network.peerId!;
		expect(await cluster.refusal(ask(mute), HELLO_MS)).toBe('peer-timeout');
		const withholding = await impostor(cluster, {});
		expect(await cluster.refusal(fetch(withholding, cluster.harness.electionId), BODY_TIMEOUT_MS)).toBe('peer-timeout');
	});
});
