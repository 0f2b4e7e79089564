import { describe, expect, it } from 'vitest';
import { Cluster, type ClusterNode } from '../../../tests/support/cluster';
import { encodeTransaction, transactionId } from '../election/transaction';
import { GATHER_MS, INVENTORY_REQUEST_MS, REMINDER_MS } from './limits';

const [, LONGEST_MS] = REMINDER_MS;

describe('what is lost on its way', () => {
	it('is made good: a tip that a peer is not known to have is said again, and what is pending is asked for', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		await cluster.vote(node, 0);
		await cluster.mine(node);
		const raw = await cluster.raw();
		const link = await raw.link(node.id);
		const { tip, work, height } = node.node.snapshot();
		const knowing = await (await cluster.raw()).link(node.id, { tip, work, height });
		const headers = () => [link, knowing].map((peer) => peer.of('headers').length);
		const before = headers();
		await cluster.advance(LONGEST_MS);
		expect(headers()).toEqual([(before[0] ?? 0) + 1, before[1]]);

		const [asked] = [link, knowing].filter((peer) => peer.of('getTransactions').length > 0);
		const ballot = await cluster.ballot(1);
		asked?.send({ type: 'inventory', ids: [transactionId(ballot)] });
		await cluster.settle();
		expect(asked?.of('getTransactions').at(-1)?.ids).toEqual([transactionId(ballot)]);
		asked?.send({ type: 'transaction', transaction: encodeTransaction(ballot) });
		await cluster.settle();
		expect(node.node.pending()).toHaveLength(1);
	});

	it('is told once to who asks for it, and again to who asks for everything, but not too often', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		const { ballotId } = await cluster.vote(node, 0);
		const link = await (await cluster.raw()).link(node.id);
		const ask = async (...ids: (typeof ballotId)[]) => {
			link.send({ type: 'getTransactions', ids });
			await cluster.settle();
			return [link.of('inventory').length, link.of('transaction').length];
		};
		expect(await ask(ballotId)).toEqual([1, 1]);
		expect(await ask(ballotId)).toEqual([1, 1]);
		expect(await ask()).toEqual([2, 1]);
		expect(await ask(ballotId)).toEqual([2, 2]);
		for (let times = 0; times < 20; times++) expect(await ask()).toEqual([2, 2]);
		expect(await ask(ballotId)).toEqual([2, 2]);
		expect(link.bye).toBeUndefined();
		await cluster.advance(INVENTORY_REQUEST_MS);
		expect(await ask()).toEqual([3, 2]);
	});
});

describe('announcements', () => {
	it('are gathered: the first goes at once, what follows soon in one message', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		const link = await (await cluster.raw()).link(node.id);
		for (let voter = 0; voter < 8; voter++) await cluster.vote(node, voter);
		expect(link.of('inventory').map(({ ids }) => ids.length)).toEqual([1]);
		await cluster.advance(GATHER_MS);
		expect(link.of('inventory').map(({ ids }) => ids.length)).toEqual([1, 7]);
		await cluster.advance(GATHER_MS);
		await cluster.vote(node, 8);
		expect(link.of('inventory').map(({ ids }) => ids.length)).toEqual([1, 7, 1]);
	});

	it('mempool_reorg: are made again, to everybody, of what a reorg has returned', async () => {
		const cluster = new Cluster();
		const node = await cluster.start();
		const link = await (await cluster.raw()).link(node.id);
		const { ballotId } = await cluster.vote(node, 0);
		await cluster.mine(node);
		const told = () => link.of('inventory').flatMap(({ ids }) => [...ids]);
		expect(told()).toEqual([ballotId]);
		const rival: ClusterNode = await cluster.start({
			disk: await cluster.diskWith(cluster.harness.mineChain(cluster.harness.genesis, 3))
		});
		await cluster.link(rival, node);
		await cluster.advance(GATHER_MS);
		expect(node.node.snapshot()).toMatchObject({ height: 3, pending: [{ id: ballotId }] });
		expect(told()).toEqual([ballotId, ballotId]);
		expect(rival.node.pending()).toHaveLength(1);
	});
});
