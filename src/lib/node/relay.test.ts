import { describe, expect, it } from 'vitest';
import { agreement, Cluster, linkedPeers, type ClusterNode } from '../../../tests/support/cluster';
import { Random } from '../../../tests/simulation/random';
import type { TransactionId } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { ManualClock } from '../clock/manualClock';
import { transactionId } from '../election/transaction';
import type { WireMessage } from '../wire/messages';
import type { Ledger } from './ledger';
import { GATHER_MS } from './limits';
import type { PeerSession } from './peerSession';
import { Relay } from './relay';
import { TransactionNotes } from './transactionNotes';

type Line = [ClusterNode, ClusterNode, ClusterNode];

/** Fails when a node asked one peer twice for the same transaction. */
function expectNothingAskedTwice(node: ClusterNode, peers: readonly ClusterNode[]): void {
	for (const { id } of peers) {
		const asked = node.sent.of('getTransactions', id).flatMap(({ ids }) => [...ids]);
		expect(new Set(asked).size).toBe(asked.length);
	}
}

/** How often each body went over each link whichever way, and how often to each node because it asked. */
function bodiesSent(nodes: readonly ClusterNode[]) {
	const overLinks = new Map<string, number>();
	const answers = new Map<string, number>();
	const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
	for (const { id, sent } of nodes) {
		for (const { to, message } of sent.messages) {
			if (message.type !== 'transaction' && message.type !== 'stem') continue;
			const body = sha256Hash(message.transaction);
			count(overLinks, `${body} ${[id, to].sort().join(' ')}`);
			if (message.type === 'transaction') count(answers, `${body} ${to}`);
		}
	}
	return { overLinks: [...overLinks.values()], answers: [...answers.values()] };
}

describe('relay', () => {
	it.each([1, 2, 3, 4, 5])(
		'sends no body over a link twice in a mesh of six, whichever way (seed %i)',
		async (seed) => {
			const cluster = new Cluster({ seed, faults: { minDelayMs: 1, maxDelayMs: 200 } });
			const nodes: ClusterNode[] = [];
			for (let index = 0; index < 6; index++) {
				const chance = new Random(100 * seed + index);
				nodes.push(await cluster.start({ random: () => chance.next() }));
			}
			await cluster.advance(1_000);
			for (const [index, { node }] of nodes.entries()) {
				for (const other of nodes.slice(index + 1)) void node.link(other.id);
			}
			await cluster.advance(2_000);
			for (const { id } of nodes) expect(nodes.filter((node) => linkedPeers(node).includes(id))).toHaveLength(5);
			for (let voter = 0; voter < 12; voter++) {
				void nodes[voter % 6]?.node.vote({ ...cluster.voter(voter), choices: [0] });
				if (voter % 4 === 3) await cluster.advance(500);
			}
			// Long enough for embargoes to end, and for everybody to be reminded of everything.
			await cluster.advance(90_000);
			for (const { node } of nodes) expect(node.pending()).toHaveLength(12);
			const { overLinks, answers } = bodiesSent(nodes);
			expect(Math.max(...overLinks)).toBe(1);
			expect(Math.max(...answers)).toBe(1);
			for (const node of nodes) expectNothingAskedTwice(node, nodes);
		}
	);

	it('carries a ballot over a node in between, into a block, and back', async () => {
		const cluster = new Cluster();
		const [a, b, c] = (await cluster.startLine(3)) as Line;
		// Gossip would link the ends; this is about the way over the middle.
		a.node.unlink(c.id);
		await cluster.settle();
		const { ballotId } = await cluster.vote(a, 0, [2]);
		for (const { node } of [a, b, c]) expect(node.pending().map(({ id }) => id)).toEqual([ballotId]);

		expect(await cluster.mine(c)).toMatchObject({ height: 1 });
		for (const node of [a, b, c]) expect(agreement(node)).toEqual(agreement(a));
		expect(a.node.ballots()).toMatchObject([{ choices: [2], height: 1 }]);
		for (const node of [a, b, c]) expectNothingAskedTwice(node, [a, b, c]);
		// One ballot, proved once where it was cast, verified once everywhere: the block adds no work.
		expect([a, b, c].map(({ statistics }) => statistics.verified)).toEqual([1, 1, 1]);
		expect(a.sent.of('transaction', b.id)).toHaveLength(1);
		expect(b.sent.of('transaction', a.id)).toHaveLength(0);
	});

	it('tells a new peer of everything pending, and a late one of everything there is', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0);
		await cluster.vote(a, 1);
		const b = await cluster.start();
		await cluster.link(a, b);
		expect(agreement(b)).toEqual(agreement(a));
		expect(b.node.pending()).toHaveLength(2);

		await cluster.mine(b);
		const c = await cluster.start();
		await cluster.link(c, a);
		await cluster.vote(c, 2);
		const late = await cluster.start();
		await cluster.link(late, b);
		for (const node of [a, b, c, late]) expect(agreement(node)).toEqual(agreement(a));
		expect(late.node.results().ballots).toBe(2);
		expect(late.node.pending()).toHaveLength(1);
		for (const node of [a, b, c, late]) expectNothingAskedTwice(node, [a, b, c, late]);
	});

	it('does not announce a tip to a peer that has it, nor a ballot to the one it came from', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		await cluster.vote(a, 0);
		expect(b.sent.of('inventory', a.id)).toEqual([]);
		await cluster.mine(a);
		expect(a.sent.of('headers', b.id).filter(({ headers }) => headers.length > 0)).toHaveLength(1);
		expect(b.sent.of('headers', a.id).filter(({ headers }) => headers.length > 0)).toEqual([]);
		expect(b.sent.of('getHeaders')).toEqual([]);
	});

	it('tells of more ballots than fit one message in several, and of each once', () => {
		const ids = Array.from({ length: 1_100 }, (_, i) => sha256Hash(Uint8Array.of(i >> 8, i & 255)) as TransactionId);
		const ledger = {
			core: {
				mempool: { all: () => ids.map((id) => ({ id, transaction: { kind: 'enrolment' } })) },
				closings: { all: [] }
			}
		} as unknown as Ledger;
		const sent: WireMessage[] = [];
		const session = { transactions: new TransactionNotes(5_000), send: (message: WireMessage) => sent.push(message) };
		const clock = new ManualClock();
		const sessions = () => [session as unknown as PeerSession];
		const relay = new Relay({ ledger, sessions, clock, random: () => 0.5, isWithheld: () => false });
		relay.announceTransactions(ids.slice(0, 100));
		relay.announceMempool(session as unknown as PeerSession);
		clock.advance(GATHER_MS);
		const told = sent.map((message) => (message.type === 'inventory' ? message.ids : []));
		expect(told.map(({ length }) => length)).toEqual([100, 500, 500]);
		expect(told.flat().toSorted()).toEqual(ids.toSorted());
		// Nobody can tell by their order which came first.
		expect(told.flat()).not.toEqual(ids);
	});

	it('resync brings a ballot that could not be stored when it was told', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		b.disk.beforePut = () => {
			throw new DOMException('full', 'QuotaExceededError');
		};
		await cluster.vote(a, 0);
		expect(b.node.pending()).toEqual([]);
		expect(b.node.snapshot().storageError).toBe('storage-full');
		b.disk.beforePut = undefined;
		await cluster.done(b.node.resync());
		await cluster.settle();
		expect(agreement(b)).toEqual(agreement(a));
	});

	it('asks for nothing that it has, however often it is told', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		await cluster.vote(a, 0);
		await cluster.mine(a);
		await cluster.vote(a, 1);
		const requests = () => b.sent.of('getTransactions', a.id).filter(({ ids }) => ids.length > 0);
		expect(requests()).toHaveLength(2);
		await cluster.done(b.node.resync());
		await cluster.settle();
		expect(a.sent.of('inventory', b.id)).toHaveLength(3);
		const link = await (await cluster.raw()).link(b.id);
		link.send({
			type: 'inventory',
			ids: [transactionId(await cluster.ballot(0)), transactionId(await cluster.ballot(1))]
		});
		await cluster.settle();
		expect(link.of('getTransactions')).toEqual([]);
		expect(requests()).toHaveLength(2);
	});

	it('keeps the ballot it has when a peer offers another of the same credential, and lets the peer be', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const b = await cluster.start();
		const mine = await cluster.vote(a, 0, [0]);
		const theirs = await cluster.vote(b, 0, [1]);
		await cluster.link(a, b);
		expect(a.node.pending().map(({ id }) => id)).toEqual([mine.ballotId]);
		expect(b.node.pending().map(({ id }) => id)).toEqual([theirs.ballotId]);
		expect(a.node.snapshot().peers).toHaveLength(1);
		await cluster.mine(b);
		expect(agreement(a)).toEqual(agreement(b));
		expect(a.node.ballots()).toMatchObject([{ choices: [1] }]);
		const replay = await cluster.ballot(0, [0]);
		expect(transactionId(replay)).toBe(mine.ballotId);
	});
});
