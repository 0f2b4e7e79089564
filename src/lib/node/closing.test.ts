import { describe, expect, it } from 'vitest';
import { agreement, Cluster, ORGANISER_SECRET, type ClusterNode } from '../../../tests/support/cluster';
import type { BlockHash } from '../bytes/hash';
import { organiserKeyOf } from '../election/codeKeys';
import { transactionToJson } from '../election/json';
import { signTransaction } from '../election/signing';
import type { Closing } from '../election/transaction';

type Two = [ClusterNode, ClusterNode];

async function setUp(count = 2): Promise<{ cluster: Cluster; nodes: Two }> {
	const cluster = new Cluster();
	const nodes = (await cluster.startLine(count)) as Two;
	await cluster.makeOrganiser(nodes[0]);
	return { cluster, nodes };
}

async function part(cluster: Cluster, a: ClusterNode, b: ClusterNode): Promise<void> {
	a.node.unlink(b.id);
	b.node.unlink(a.id);
	await cluster.settle();
}

function closingOf(cluster: Cluster, height: number, blockHash: BlockHash): Closing {
	const { electionId } = cluster.harness;
	return signTransaction(electionId, { kind: 'closing', height, blockHash } as const, organiserKeyOf(ORGANISER_SECRET));
}

describe('a closing', () => {
	it('ends the poll everywhere and makes the result final once it is deep enough', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		const { nullifier } = await cluster.vote(b, 0, [1]);
		await cluster.mine(b);
		await cluster.done(a.node.closePoll());
		expect(a.node.snapshot().organiserTask).toBe('closing');
		await cluster.mine(b);
		for (const { node } of nodes) {
			expect(node.snapshot()).toMatchObject({ phase: 'closed', closing: { height: 2, countedHeight: 1 } });
		}
		expect(await cluster.refusal(b.node.vote({ ...cluster.voter(1), choices: [0] }))).toBe('poll-closed');
		expect(await cluster.refusal(a.node.closePoll())).toBe('already-closed');
		expect(await cluster.refusal(b.node.closePoll())).toBe('not-organiser');
		expect((await b.node.ballotStatus(nullifier))?.place).toMatchObject({ at: 'block', isFinal: false });
		b.node.setMining(true);
		await cluster.advance(60_000);
		expect((await b.node.ballotStatus(nullifier))?.place).toMatchObject({ at: 'block', isFinal: true });
		expect(agreement(a)).toEqual(agreement(b));
	});

	it('does not count what was recorded above the block that it names, and says so', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await cluster.vote(b, 0, [0]);
		await cluster.mine(b);
		await part(cluster, a, b);
		await cluster.done(a.node.closePoll());
		const { nullifier } = await cluster.vote(b, 1, [1]);
		await cluster.mine(b);
		await cluster.link(a, b);
		await cluster.mine(a);
		expect(agreement(b)).toEqual(agreement(a));
		expect(b.node.results()).toMatchObject({ ballots: 1 });
		expect(b.node.snapshot().closing).toMatchObject({ countedHeight: 1, lateBallots: 1 });
		expect((await b.node.ballotStatus(nullifier))?.place).toEqual({ at: 'late' });
		expect(await b.node.verify()).toMatchObject({ valid: true, ballots: 1 });
	});

	it('outranks a chain with more work that does not hold it, even where nobody mines any more', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		await part(cluster, a, b);
		await cluster.done(a.node.closePoll());
		await cluster.mine(a);
		for (let voter = 1; voter < 5; voter++) {
			await cluster.vote(b, voter, [1]);
			await cluster.mine(b);
		}
		expect(b.node.snapshot().work).toBeGreaterThan(a.node.snapshot().work);
		await cluster.link(b, a);
		await cluster.settle();
		await cluster.advance(1_000);
		expect(b.node.snapshot().tip).toBe(a.node.snapshot().tip);
		expect(b.node.results()).toMatchObject({ ballots: 1 });
		// What the longer chain held waits, and does not count.
		expect(b.node.pending()).toHaveLength(4);
		const again = await cluster.restart(b);
		expect(again.node.snapshot()).toMatchObject({ tip: a.node.snapshot().tip, phase: 'closed' });
	});

	it('naming a block that is not on the chain is refused and changes nothing', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		const before = agreement(b);
		for (const [height, hash] of [
			[0, b.node.snapshot().tip],
			[1, cluster.harness.electionId],
			[9, b.node.snapshot().tip]
		] as const) {
			const answer = await b.node.submit(transactionToJson(closingOf(cluster, height, hash)));
			expect(answer).toEqual({ accepted: false, code: 'unknown-block' });
		}
		// A forged one is called so whatever block it names: else its sender could have signatures checked without end.
		for (const [height, hash] of [
			[1, b.node.snapshot().tip],
			[9, b.node.snapshot().tip]
		] as const) {
			const forged = { ...closingOf(cluster, height, hash), signature: new Uint8Array(64) };
			expect(await b.node.submit(transactionToJson(forged))).toEqual({ accepted: false, code: 'bad-signature' });
		}
		expect(agreement(b)).toEqual(before);
		expect(b.node.snapshot().phase).toBe('open');
	});

	it('that differs from the one on the chain is refused, kept as evidence on every node, and outlives a restart', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		await cluster.done(a.node.closePoll());
		await cluster.mine(a);
		const other = closingOf(cluster, 0, cluster.harness.electionId);
		expect(await b.node.submit(transactionToJson(other))).toEqual({ accepted: false, code: 'already-closed' });
		await cluster.settle();
		for (const { node } of nodes) expect(node.snapshot().signedClosings).toHaveLength(2);
		expect((await b.node.record()).otherClosings).toHaveLength(1);
		const again = await cluster.restart(b);
		await cluster.settle();
		expect(
			again.node
				.snapshot()
				.signedClosings.map(({ isOnChain }) => isOnChain)
				.toSorted()
		).toEqual([false, true]);
		expect(again.node.snapshot().closing).toMatchObject({ countedHeight: 1 });
	});

	it('recorded in two blocks at once leaves nobody behind: of two closed chains the one with more work is followed', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		await cluster.done(a.node.closePoll());
		await part(cluster, a, b);
		await cluster.mine(a);
		await cluster.mine(b);
		for (const { node } of nodes) expect(node.snapshot()).toMatchObject({ phase: 'closed', height: 2 });
		expect(a.node.snapshot().tip).not.toBe(b.node.snapshot().tip);
		b.node.setMining(true);
		await cluster.advance(3_000);
		b.node.setMining(false);
		await cluster.link(a, b);
		await cluster.advance(1_000);
		expect(a.node.snapshot().height).toBeGreaterThan(2);
		expect(agreement(a)).toEqual(agreement(b));
	});

	it('counts as any other where the organiser has signed more than are noted', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		await part(cluster, a, b);
		for (let height = 10; height < 18; height++) {
			await b.node.submit(transactionToJson(closingOf(cluster, height, cluster.harness.electionId)));
		}
		expect(b.node.snapshot().signedClosings).toHaveLength(8);
		await cluster.done(a.node.closePoll());
		await cluster.mine(a);
		for (let voter = 1; voter < 5; voter++) {
			await cluster.vote(b, voter, [1]);
			await cluster.mine(b);
		}
		await cluster.link(a, b);
		await cluster.advance(1_000);
		expect(b.node.snapshot()).toMatchObject({ tip: a.node.snapshot().tip, phase: 'closed' });
	});

	it('has its blocks spread also among nodes that came from a chain with more work', async () => {
		const { cluster, nodes } = await setUp(3);
		const [c, b] = nodes;
		const a = cluster.nodes[2] as ClusterNode;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		await part(cluster, c, b);
		await part(cluster, c, a);
		await cluster.done(c.node.closePoll());
		await cluster.mine(c);
		for (let voter = 1; voter < 8; voter++) {
			await cluster.vote(b, voter, [1]);
			await cluster.mine(b);
		}
		await cluster.link(b, c);
		for (let block = 0; block < 3; block++) {
			await cluster.advance(1_000);
			for (const { node } of [a, b]) expect(node.snapshot().tip).toBe(c.node.snapshot().tip);
			await cluster.mine(c);
		}
	});

	it('that waits while another is recorded stays as evidence, also after a restart', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		await part(cluster, a, b);
		const other = closingOf(cluster, 0, cluster.harness.electionId);
		expect(await b.node.submit(transactionToJson(other))).toEqual({ accepted: true });
		await cluster.done(a.node.closePoll());
		await cluster.mine(a);
		await cluster.link(a, b);
		await cluster.advance(1_000);
		expect(b.node.snapshot().signedClosings).toHaveLength(2);
		// Alone, or its peer would tell it again.
		await a.node.stop();
		const again = await cluster.restart(b);
		expect(again.node.snapshot().signedClosings).toHaveLength(2);
	});

	it('that a node learns from a block is told to its peers, which may stand on another chain', async () => {
		const { cluster, nodes } = await setUp(3);
		const [c, b] = nodes;
		const a = cluster.nodes[2] as ClusterNode;
		await cluster.vote(a, 0, [0]);
		await cluster.mine(a);
		await part(cluster, c, b);
		await part(cluster, c, a);
		await cluster.done(c.node.closePoll());
		await cluster.mine(c);
		const [closed] = await c.node.blocks(2, 1);
		expect(await a.node.addBlock(closed)).toEqual({ accepted: true });
		await cluster.settle();
		const [closing] = a.node.snapshot().signedClosings;
		expect(a.sent.of('inventory', b.id).flatMap(({ ids }) => ids)).toContain(closing?.id);
	});
});
