import { expect, it } from 'vitest';
import { Cluster } from '../../../tests/support/cluster';
import { createConsole } from './console';

it('says what the node is and does', async () => {
	const cluster = new Cluster();
	const [a, b] = [await cluster.start(), await cluster.start()];
	const pollen = createConsole(a.node);
	await cluster.done(pollen.link(b.id));
	expect(pollen.status()).toEqual({
		peerId: a.id,
		electionId: a.node.electionId,
		title: a.node.election.title,
		height: 0,
		tip: a.node.electionId,
		work: '0',
		peers: [b.id],
		pending: 0,
		mining: false,
		hashRate: 0,
		phase: 'open'
	});
	const { voterId, code } = cluster.voter(0);
	const cast = await cluster.done(pollen.vote({ voterId, code, choices: [1] }));
	expect(Object.keys(cast)).toEqual(['ballotId', 'nullifier']);
	expect(pollen.pending()).toMatchObject([{ id: cast.ballotId, nullifier: cast.nullifier, choices: [1] }]);
	const mined = await cluster.done(pollen.mine());
	expect(mined).toEqual({ height: 1, hash: pollen.status().tip });
	expect(await cluster.done(pollen.chain())).toMatchObject({ length: 2, peers: [b.id], chain: [{ height: 0 }, mined] });
	expect(pollen.results().contests[0]!.options.map(({ votes }) => votes)).toEqual([0, 1, 0]);
	expect(await cluster.done(pollen.verify())).toEqual({ valid: true, blocks: 2, ballots: 1, problems: [] });
	expect(await cluster.done(pollen.mine())).toBeNull();
	await cluster.done(pollen.unlink(b.id));
	expect(pollen.status().peers).toEqual([]);
});

it.each([
	undefined,
	{},
	{ voterId: 'V1' },
	{ voterId: 1, code: '', choices: [] },
	{ voterId: '', code: '', choices: 0 }
])('refuses vote(%j) as bad-encoding', async (request) => {
	const cluster = new Cluster();
	const pollen = createConsole((await cluster.start()).node);
	expect(await cluster.refusal(pollen.vote(request as never))).toBe('bad-encoding');
});
