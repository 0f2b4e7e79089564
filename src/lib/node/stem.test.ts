import { describe, expect, it } from 'vitest';
import { Cluster, linkedPeers, type ClusterNode, type ClusterOptions } from '../../../tests/support/cluster';
import { START_MS } from '../../../tests/support/ledgerHarness';
import type { RawLink } from '../../../tests/support/rawPeer';
import { Random } from '../../../tests/simulation/random';
import type { TransactionId } from '../bytes/hash';
import type { PeerId } from '../network/port';
import { decodeTransaction, encodeTransaction, transactionId } from '../election/transaction';
import type { VoteReceipt } from './api';
import { EMBARGO_MS, GATHER_MS, STEM_MARGIN_MS } from './limits';

const [SHORTEST_MS, LONGEST_MS] = EMBARGO_MS;
/** Below the chance to spread: a node that rolls this spreads what comes by stem. */
const SPREADS = () => 0;
/** Above it: a node that rolls this hands a stem on. */
const HANDS_ON = () => 0.999;

/** A node linked to `count` raw peers, all of which it dialled. */
async function startStar(count: number, random = HANDS_ON, options: ClusterOptions = {}) {
	const cluster = new Cluster(options);
	const node = await cluster.start({ random });
	const peers: RawLink[] = [];
	for (let index = 0; index < count; index++) peers.push(await addPeer(cluster, node.node.link.bind(node.node)));
	return { cluster, node, peers };
}

async function addPeer(cluster: Cluster, link: (peerId: PeerId) => Promise<void>): Promise<RawLink> {
	const raw = await cluster.raw();
	raw.onLink = (opened) => opened.send(raw.hello());
	await cluster.done(link(raw.id));
	return raw.links[0] as RawLink;
}

const stems = (peers: readonly RawLink[]) => peers.flatMap((peer) => peer.of('stem'));
const told = (peers: readonly RawLink[]) =>
	peers.map((peer) => peer.of('inventory').flatMap(({ ids }) => [...ids])).filter(({ length }) => length > 0).length;

describe('a stem', () => {
	it('takes a ballot to one peer, of which nobody else hears before the embargo ends', async () => {
		const { cluster, node, peers } = await startStar(4);
		const { ballotId } = await cluster.vote(node, 0);
		expect(stems(peers)).toHaveLength(1);
		expect(told(peers)).toBe(0);
		// Not to who links meanwhile, nor to who asks for everything, or for this.
		const curious = await addPeer(cluster, node.node.link.bind(node.node));
		curious.send({ type: 'getTransactions', ids: [] });
		curious.send({ type: 'getTransactions', ids: [ballotId] });
		await cluster.advance(SHORTEST_MS - 1_000);
		expect(told([...peers, curious])).toBe(0);
		expect(curious.of('transaction')).toEqual([]);
		// The voter sees it all the same.
		expect(node.node.snapshot().pending).toHaveLength(1);
		await cluster.advance(LONGEST_MS);
		expect(told([...peers, curious])).toBe(5);
		expect(stems(peers)).toHaveLength(1);
	});

	it('rather takes peers that this node dialled: whoever listens can dial everybody', async () => {
		const { cluster, node, peers } = await startStar(1);
		const listeners = [await cluster.raw(), await cluster.raw(), await cluster.raw()];
		const links: RawLink[] = [];
		for (const listener of listeners) links.push(await listener.link(node.id));
		await cluster.vote(node, 0);
		expect(stems(peers)).toHaveLength(1);
		expect(stems(links)).toEqual([]);
	});

	it.each(['inventory', 'transaction'] as const)('ends with the first %s that tells of it', async (type) => {
		const { cluster, node, peers } = await startStar(4);
		const { ballotId } = await cluster.vote(node, 0);
		const transaction = stems(peers)[0]?.transaction as Uint8Array;
		const [other] = peers.filter((peer) => peer.of('stem').length === 0) as [RawLink];
		other.send(type === 'inventory' ? { type, ids: [ballotId] } : { type, transaction });
		await cluster.settle();
		expect(told(peers.filter((peer) => peer !== other))).toBe(3);
		// It has it, so it asks nobody.
		expect(peers.flatMap((peer) => peer.of('getTransactions'))).toEqual([]);
	});

	it('is not begun with fewer than three links, nor shortly before the poll closes', async () => {
		const { cluster, node, peers } = await startStar(2);
		await cluster.vote(node, 0);
		expect([stems(peers).length, told(peers)]).toEqual([0, 2]);

		const closesAt = new Date(cluster.now + 3_600_000).toISOString();
		const late = await startStar(4, HANDS_ON, { changes: { closesAt } });
		await late.cluster.advance(3_600_000 - STEM_MARGIN_MS - 1_000);
		await late.cluster.vote(late.node, 0);
		expect([stems(late.peers).length, told(late.peers)]).toEqual([1, 0]);
		await late.cluster.advance(2_000);
		await late.cluster.vote(late.node, 1);
		await late.cluster.advance(GATHER_MS);
		expect([stems(late.peers).length, told(late.peers)]).toEqual([1, 4]);
	});

	it('carries enrolments too, but no opening', async () => {
		const { cluster, node, peers } = await startStar(4, HANDS_ON, { eligibility: 'enrolment' });
		await cluster.makeOrganiser(node);
		for (const index of [0, 1, 2]) await cluster.enrol(node, index);
		expect(stems(peers)).toHaveLength(3);
		expect(told(peers)).toBe(0);
		await cluster.advance(LONGEST_MS);
		await cluster.mine(node);
		const before = told(peers);
		await cluster.done(node.node.openPoll());
		await cluster.settle();
		expect(before).toBe(4);
		expect(stems(peers)).toHaveLength(3);
		expect(peers[0]?.of('inventory').flatMap(({ ids }) => [...ids])).toHaveLength(4);
	});
});

describe('a node in a stem', () => {
	const handOver = async (cluster: Cluster, from: RawLink | undefined, voter = 0) => {
		from?.send({ type: 'stem', transaction: encodeTransaction(await cluster.ballot(voter)) });
		await cluster.settle();
	};

	it('hands it on to another, and spreads it when nobody else has done so', async () => {
		const { cluster, node, peers } = await startStar(2);
		await handOver(cluster, peers[0]);
		expect(peers.map((peer) => peer.of('stem').length)).toEqual([0, 1]);
		expect(told(peers)).toBe(0);
		expect(node.node.pending()).toHaveLength(1);
		await cluster.advance(LONGEST_MS);
		expect(told(peers)).toBe(2);
	});

	it('spreads it by chance, and tells also the one it came from', async () => {
		const { cluster, peers } = await startStar(3, SPREADS);
		await handOver(cluster, peers[0]);
		expect([stems(peers).length, told(peers)]).toEqual([0, 3]);
	});

	it('spreads it when there is nobody else who could hand it on', async () => {
		const { cluster, peers } = await startStar(1);
		await handOver(cluster, peers[0]);
		expect([stems(peers).length, told(peers)]).toEqual([0, 1]);
	});

	it('never sends it where it came from or went before, however often it comes back', async () => {
		const { cluster, node, peers } = await startStar(4);
		for (const peer of peers) await handOver(cluster, peer);
		const ways = [...peers.map((peer) => peer.of('stem').length)];
		expect(Math.max(...ways)).toBe(1);
		// Everybody has it now: there is nobody left but to be told of it.
		expect(told(peers)).toBe(4);
		expect(node.node.pending()).toHaveLength(1);
	});

	it('does not hand on what is public', async () => {
		const { cluster, node, peers } = await startStar(3);
		const ballot = await cluster.ballot(0);
		peers[0]?.send({ type: 'inventory', ids: [transactionId(ballot)] });
		await cluster.settle();
		await handOver(cluster, peers[1]);
		expect([stems(peers).length, told(peers)]).toEqual([0, 2]);
		await handOver(cluster, peers[2]);
		expect(stems(peers)).toEqual([]);
		expect(node.node.pending()).toHaveLength(1);
	});

	it('ends the link with one that hands on what no honest node would, and keeps nothing of it', async () => {
		const { cluster, node, peers } = await startStar(3);
		const ballot = await cluster.ballot(0);
		const forged = encodeTransaction({ ...ballot, proof: ballot.proof.map((byte) => byte ^ 1) });
		peers[0]?.send({ type: 'stem', transaction: forged });
		await cluster.settle();
		expect(peers[0]?.bye).toBe('bad-proof');
		peers[1]?.send({ type: 'stem', transaction: Uint8Array.of(9, 9) });
		await cluster.settle();
		expect(peers[1]?.bye).toBe('bad-encoding');
		expect(node.node.pending()).toEqual([]);
		expect(linkedPeers(node)).toHaveLength(1);
	});
});

describe('what is held under embargo', () => {
	it('is lost in a black hole for no longer than that', async () => {
		const { cluster, node, peers } = await startStar(3);
		const [hole] = peers as [RawLink];
		const others = [await cluster.start(), await cluster.start()];
		for (const other of others) await cluster.link(other, node);
		await cluster.vote(node, 0);
		expect(stems(peers)).toHaveLength(1);
		hole.connection.close('unlinked');
		await cluster.advance(LONGEST_MS);
		for (const other of others) expect(other.node.pending()).toHaveLength(1);
	});

	it('is not mined before it is public, and whoever asked for a block gets it then', async () => {
		const { cluster, node, peers } = await startStar(3);
		node.node.setMining(true);
		await cluster.vote(node, 0);
		let mined: { height: number } | null | undefined;
		void node.node.mine().then((block) => (mined = block));
		await cluster.advance(SHORTEST_MS - 1_000);
		expect(node.node.snapshot().height).toBe(0);
		expect(mined).toBeUndefined();
		await cluster.advance(LONGEST_MS);
		expect(mined).toMatchObject({ height: 1 });
		expect(node.node.results().ballots).toBe(1);
		expect(told(peers)).toBe(3);
	});

	it('goes by stem from a tab that was closed before anybody heard of it, not to who links first', async () => {
		const { cluster, node, peers } = await startStar(3);
		const [hole] = peers as [RawLink];
		await cluster.vote(node, 0);
		expect(hole.of('stem').length + stems(peers).length).toBeGreaterThan(0);
		const again = await cluster.restart(node, { random: HANDS_ON });
		const others: RawLink[] = [];
		for (let index = 0; index < 4; index++) others.push(await addPeer(cluster, again.node.link.bind(again.node)));
		for (const other of others) other.send({ type: 'getTransactions', ids: [] });
		await cluster.settle();
		expect(again.node.pending()).toHaveLength(1);
		expect(told(others)).toBe(0);
		await cluster.advance(LONGEST_MS);
		expect([stems(others).length, told(others)]).toEqual([1, 0]);
		await cluster.advance(LONGEST_MS);
		expect(told(others)).toBe(4);
	});

	it('is mined by a node that is alone, which tells nobody by it', async () => {
		const cluster = new Cluster();
		const node = await cluster.start({ mining: false });
		await cluster.vote(node, 0);
		const again = await cluster.restart(node, { mining: true });
		await cluster.advance(2 * LONGEST_MS);
		expect(again.node.results().ballots).toBe(1);
	});
});

describe('who listens to everybody', { timeout: 120_000 }, () => {
	const NODES = 12;
	const RUNS = 20;
	const VOTERS = 3;

	/** Twelve nodes in a ring with chords, with delays as between homes, and a poll that closes so long after that. */
	async function startRing(seed: number, closesInMs: number) {
		const closesAt = new Date(START_MS + closesInMs).toISOString();
		const cluster = new Cluster({ seed, faults: { minDelayMs: 10, maxDelayMs: 80 }, changes: { closesAt } });
		const nodes: ClusterNode[] = [];
		for (let index = 0; index < NODES; index++) {
			const chance = new Random(seed * 1_000 + index);
			nodes.push(await cluster.start({ random: () => chance.next() }));
		}
		await cluster.advance(500);
		for (const [index, { node }] of nodes.entries()) {
			for (const step of [1, 5]) void node.link((nodes[(index + step) % NODES] as ClusterNode).id);
		}
		await cluster.advance(1_000);
		return { cluster, nodes };
	}

	/** Links a peer to all of them, and notes from whom it heard of each transaction first. */
	async function listen(cluster: Cluster, nodes: readonly ClusterNode[]): Promise<Map<TransactionId, PeerId>> {
		const spy = await cluster.raw();
		await cluster.advance(500);
		const heard = new Map<TransactionId, PeerId>();
		const linking = nodes.map(async ({ id }) => {
			const link = await spy.link(id);
			link.onMessage = (message) => {
				const ids = message.type === 'inventory' ? message.ids : [];
				const bodies = message.type === 'stem' ? [transactionId(decodeTransaction(message.transaction))] : [];
				for (const told of [...ids, ...bodies]) if (!heard.has(told)) heard.set(told, id);
			};
		});
		await cluster.advance(1_000);
		await Promise.all(linking);
		return heard;
	}

	/** Of a hundred ballots, of how many the listener hears first from the node that cast them. */
	async function guessed(closesInMs: number): Promise<number> {
		let right = 0;
		for (let seed = 1; seed <= RUNS; seed++) {
			const { cluster, nodes } = await startRing(seed, closesInMs);
			const heard = await listen(cluster, nodes);
			const cast: { readonly by: PeerId; readonly voting: Promise<VoteReceipt> }[] = [];
			for (let voter = 0; voter < VOTERS; voter++) {
				const { node, id } = nodes[(seed + 5 * voter) % NODES] as ClusterNode;
				cast.push({ by: id, voting: node.vote({ ...cluster.voter(voter), choices: [0] }) });
				await cluster.advance(1_000);
			}
			await cluster.advance(LONGEST_MS);
			for (const { by, voting } of cast) if (heard.get((await voting).ballotId) === by) right += 1;
			for (const { node } of nodes) expect(node.pending()).toHaveLength(VOTERS);
		}
		return (100 * right) / (RUNS * VOTERS);
	}

	it('hears of a ballot seldom first from the tab that cast it', async () => {
		// Chance alone would be right in one of twelve. Shortly before the poll closes nothing goes by stem, and it is always right.
		expect(await guessed(3_600_000)).toBeLessThan(30);
		expect(await guessed(50_000)).toBeGreaterThan(90);
	});
});
