import { expect, it } from 'vitest';
import { Cluster, type ClusterNode } from '../../../tests/support/cluster';

type Two = [ClusterNode, ClusterNode];

async function placeOn(at: ClusterNode, nullifier: Parameters<ClusterNode['node']['ballotStatus']>[0]) {
	return (await at.node.ballotStatus(nullifier))?.place;
}

it('follows a ballot from this device over its peers into a block', async () => {
	const cluster = new Cluster();
	const a = await cluster.start();
	const { nullifier, receiptCode } = await cluster.vote(a, 0, [1]);
	expect(await placeOn(a, nullifier)).toEqual({ at: 'pending', peers: 0 });
	const b = await cluster.start();
	await cluster.link(a, b);
	expect(await placeOn(a, nullifier)).toEqual({ at: 'pending', peers: 1 });
	expect(b.node.findBallot(receiptCode)).toBe(nullifier);
	await cluster.mine(b);
	const { tip } = a.node.snapshot();
	expect(await placeOn(a, nullifier)).toEqual({
		at: 'block',
		height: 1,
		blockHash: tip,
		confirmations: 1,
		isFinal: false
	});
	expect(a.node.findBallot(receiptCode)).toBe(nullifier);
	expect(a.node.findBallot('0000-0000-0000')).toBeUndefined();
});

it('says which ballot counts when the credential has voted elsewhere', async () => {
	const cluster = new Cluster();
	const [a, b] = (await cluster.startLine(2)) as Two;
	a.node.unlink(b.id);
	b.node.unlink(a.id);
	await cluster.settle();
	const { nullifier } = await cluster.vote(a, 0, [0]);
	await cluster.vote(b, 0, [2]);
	await cluster.mine(b);
	await cluster.link(a, b);
	expect(await placeOn(a, nullifier)).toEqual({ at: 'replaced', choices: [2], height: 1 });
	expect(await placeOn(b, nullifier)).toMatchObject({ at: 'block', height: 1 });
	expect(a.node.pending()).toEqual([]);
});

it('knows nothing of a ballot that nobody cast, and makes no receipt of one that is in no block', async () => {
	const cluster = new Cluster();
	const a = await cluster.start();
	const { nullifier } = await cluster.vote(a, 0);
	expect(await placeOn(a, cluster.harness.electionId)).toBeUndefined();
	expect(await cluster.refusal(a.node.receiptFile(nullifier))).toBe('bad-receipt');
	await cluster.mine(a);
	expect(await a.node.receiptFile(nullifier)).toMatchObject({
		nullifier,
		inclusion: { index: 0, leaves: 1, path: [] }
	});
});
