import { describe, expect, it } from 'vitest';
import { agreement, Cluster, linkedPeers, ORGANISER_SECRET, type ClusterNode } from '../../../tests/support/cluster';
import { enrolmentKeyOf, organiserKeyOf } from '../election/codeKeys';
import { sampleCommitment } from '../election/testing/samples';
import { signTransaction } from '../election/signing';
import { decodeTransaction, transactionId } from '../election/transaction';
import { transactionToJson } from '../election/json';
import { RESEND_MS } from './limits';

type Three = [ClusterNode, ClusterNode, ClusterNode];

async function setUp(count = 3): Promise<{ cluster: Cluster; nodes: Three }> {
	const cluster = new Cluster({ eligibility: 'enrolment', voters: 6 });
	const nodes = (await cluster.startLine(count)) as Three;
	await cluster.makeOrganiser(nodes[0]);
	return { cluster, nodes };
}

/** Voters 0 to `count` − 1 enrol, each on the node of their number, and are recorded. */
async function enrolAll(cluster: Cluster, nodes: readonly ClusterNode[], count: number): Promise<void> {
	for (let voter = 0; voter < count; voter++) await cluster.enrol(nodes[voter % nodes.length]!, voter);
	await cluster.mine(nodes[0]!);
}

/** Two nodes that were parted and opened the poll apart: the second for one voter more, on the chain that will win. */
async function setUpTwoOpenings(): Promise<{ cluster: Cluster; a: ClusterNode; b: ClusterNode }> {
	const { cluster, nodes } = await setUp(2);
	const [a, b] = nodes;
	await cluster.makeOrganiser(b);
	await enrolAll(cluster, [a], 3);
	await part(cluster, a, b);
	await cluster.enrol(b, 3);
	await cluster.mine(b);
	await open(cluster, b);
	await open(cluster, a);
	return { cluster, a, b };
}

async function open(cluster: Cluster, organiser: ClusterNode): Promise<void> {
	await cluster.done(organiser.node.openPoll());
	await cluster.mine(organiser);
}

async function part(cluster: Cluster, a: ClusterNode, b: ClusterNode): Promise<void> {
	a.node.unlink(b.id);
	b.node.unlink(a.id);
	await cluster.settle();
}

describe('an election with enrolment', () => {
	it('goes from enrolment over the opening to counted ballots, and every node agrees', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b, c] = nodes;
		expect(a.node.snapshot().phase).toBe('enrolment');
		await enrolAll(cluster, nodes, 3);
		expect(
			b.node
				.enrolments()
				.map(({ voterId }) => voterId)
				.toSorted()
		).toEqual(['VOTER0', 'VOTER1', 'VOTER2']);
		await open(cluster, a);
		expect(c.node.snapshot()).toMatchObject({ phase: 'open', opening: { groupSize: 3 }, enrolled: 3 });
		for (const [index, at] of nodes.entries()) await cluster.vote(at, index, [index]);
		await cluster.mine(b);
		for (const node of nodes) expect(agreement(node)).toEqual(agreement(a));
		expect(a.node.results()).toMatchObject({ ballots: 3, eligible: 6, enrolled: 3 });
		expect(await c.node.verify()).toMatchObject({ valid: true, ballots: 3 });
	});

	it('tells each voter the one thing to do', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		const status = async (at: ClusterNode, voter: number) =>
			(await cluster.done(at.node.voterStatus(cluster.voter(voter)))).step;
		expect(await status(b, 1)).toBe('enrol');
		await cluster.enrol(b, 1);
		expect([await status(b, 1), await status(a, 1)]).toEqual(['enrolling', 'enrolled-elsewhere']);
		await enrolAll(cluster, [a], 1);
		await cluster.enrol(b, 2);
		await cluster.mine(a);
		expect([await status(b, 1), await status(a, 1), await status(a, 3)]).toEqual([
			'wait',
			'enrolled-elsewhere',
			'enrol'
		]);
		await open(cluster, a);
		expect([await status(b, 1), await status(a, 1), await status(a, 3)]).toEqual([
			'vote',
			'enrolled-elsewhere',
			'not-enrolled'
		]);
		await cluster.vote(b, 1, [0]);
		expect(await status(b, 1)).toBe('voted');
		await cluster.done(a.node.closePoll());
		await cluster.mine(a);
		expect([await status(b, 2), await status(a, 3)]).toEqual(['closed', 'closed']);
	});

	it('refuses codes before anything is sent, and second or late enrolments, plainly', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		const { voterId, code } = cluster.voter(0);
		const mistyped = `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`;
		const other = cluster.voter(1).code;
		expect(await cluster.refusal(a.node.enrol({ voterId, code: mistyped }))).toBe('mistyped-code');
		expect(await cluster.refusal(a.node.enrol({ voterId, code: other }))).toBe('wrong-code');
		expect(await cluster.refusal(a.node.enrol({ voterId: 'NOBODY', code }))).toBe('unknown-voter');
		expect(a.node.pending()).toEqual([]);
		await enrolAll(cluster, [a], 3);
		expect(await cluster.refusal(a.node.enrol(cluster.voter(0)))).toBe('already-enrolled');
		expect(await cluster.refusal(b.node.enrol(cluster.voter(0)))).toBe('enrolled-elsewhere');
		await open(cluster, a);
		expect(await cluster.refusal(b.node.enrol(cluster.voter(4)))).toBe('enrolment-closed');
		expect(await cluster.refusal(b.node.vote({ ...cluster.voter(4), choices: [0] }))).toBe('not-enrolled');
	});

	it('does not open for fewer than three, nor by anybody but the organiser', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await enrolAll(cluster, nodes, 2);
		expect(await cluster.refusal(a.node.openPoll())).toBe('group-too-small');
		await cluster.enrol(a, 2);
		await cluster.mine(a);
		expect(await cluster.refusal(b.node.openPoll())).toBe('not-organiser');
		await open(cluster, a);
		expect(await cluster.refusal(a.node.openPoll())).toBe('already-open');
		expect(a.node.snapshot().organiserTask).toBeUndefined();
	});

	it('refuses an opening of another group, changes nothing by it, and opens with the right one', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await enrolAll(cluster, nodes, 3);
		const before = agreement(b);
		const key = organiserKeyOf(ORGANISER_SECRET);
		for (const [groupSize, groupRoot] of [
			[3, sampleCommitment(9)],
			[4, sampleCommitment(9)]
		] as const) {
			const opening = signTransaction(
				cluster.harness.electionId,
				{ kind: 'opening', groupSize, groupRoot } as const,
				key
			);
			expect(await b.node.submit(transactionToJson(opening))).toEqual({ accepted: false, code: 'bad-group' });
		}
		expect(agreement(b)).toEqual(before);
		await open(cluster, a);
		expect(b.node.snapshot().phase).toBe('open');
	});

	it('opens with everybody who was recorded by then: the opening is signed anew when another came first', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await enrolAll(cluster, nodes, 3);
		a.node.unlink(b.id);
		await cluster.settle();
		await cluster.enrol(b, 3);
		await cluster.mine(b);
		await cluster.done(a.node.openPoll());
		expect(a.node.snapshot().organiserTask).toBe('opening');
		await cluster.link(a, b);
		await cluster.settle();
		expect(a.node.snapshot().enrolled).toBe(4);
		await cluster.mine(a);
		expect(b.node.snapshot().opening).toMatchObject({ groupSize: 4 });
	});

	it('keeps a credential that was made, however often the voter asks', async () => {
		const { cluster, nodes } = await setUp();
		const [, b] = nodes;
		await cluster.enrol(b, 1);
		const [first] = b.node.pending();
		await cluster.enrol(b, 1);
		expect(b.node.pending()).toEqual([first]);
		const again = await cluster.restart(b);
		expect(again.node.pending()).toEqual([first]);
	});

	it('lets a voter enrol whose commitment somebody else has copied', async () => {
		const { cluster, nodes } = await setUp(2);
		const [a, b] = nodes;
		a.node.unlink(b.id);
		await cluster.settle();
		await cluster.enrol(b, 1);
		const [waiting] = b.node.pending();
		const thief = cluster.voter(5);
		const commitment = waiting?.kind === 'enrolment' ? waiting.commitment : sampleCommitment(1);
		const copied = signTransaction(
			cluster.harness.electionId,
			{ kind: 'enrolment', rollIndex: 5, commitment } as const,
			enrolmentKeyOf(thief.code)
		);
		expect(await a.node.submit(transactionToJson(copied))).toEqual({ accepted: true });
		await cluster.mine(a);
		await cluster.link(a, b);
		expect((await cluster.done(b.node.voterStatus(cluster.voter(1)))).step).toBe('enrol');
		await cluster.enrol(b, 1);
		await cluster.mine(b);
		expect((await cluster.done(b.node.voterStatus(cluster.voter(1)))).step).toBe('wait');
	});

	it('sends a ballot of the wallet again from a tab that has never seen it', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		await enrolAll(cluster, nodes, 3);
		await open(cluster, a);
		const { ballotId } = await cluster.vote(b, 1, [1]);
		const [ballot] = b.node.pending();
		// Another tab of the same profile, which has never seen the ballot.
		const blank = { ...b.disk, elections: new Map(), settings: new Map() };
		await b.node.stop();
		const again = await cluster.start({ disk: blank });
		await cluster.settle();
		await cluster.link(again, a);
		await cluster.advance(30_000);
		await cluster.settle();
		expect(again.node.pending()).toEqual([ballot]);
		expect(ballot?.id).toBe(ballotId);
	});

	it('tells nobody from a new tab whose it is: what is recorded is not announced again', async () => {
		const { cluster, nodes } = await setUp();
		const [a, b] = nodes;
		for (const voter of [0, 1, 2]) await cluster.enrol(voter === 1 ? b : a, voter);
		await cluster.mine(a);
		await open(cluster, a);
		await cluster.vote(b, 1, [1]);
		await cluster.mine(a);
		const blank = { ...b.disk, elections: new Map(), settings: new Map() };
		await b.node.stop();
		const fresh = await cluster.start({ disk: blank });
		await cluster.advance(60_000);
		await cluster.link(fresh, a);
		await cluster.advance(60_000);
		expect(fresh.node.ballots()).toHaveLength(1);
		expect([...fresh.sent.of('inventory'), ...fresh.sent.of('transaction')]).toEqual([]);
	});

	it('opens again when a reorg undoes the opening, also of a node that was restarted in between', async () => {
		const { cluster, nodes } = await setUp(2);
		const [a, b] = nodes;
		await enrolAll(cluster, [a], 3);
		await part(cluster, a, b);
		b.node.setMining(true);
		await cluster.advance(3_000);
		b.node.setMining(false);
		await open(cluster, a);
		const again = await cluster.restart(a);
		expect(again.node.snapshot().phase).toBe('open');
		await cluster.link(again, b);
		await cluster.advance(1_000);
		expect(again.node.snapshot()).toMatchObject({ phase: 'enrolment', tip: b.node.snapshot().tip });
		await cluster.mine(again);
		expect(again.node.snapshot().phase).toBe('open');
	});

	it('loses no link over ballots that were proved for another group, and lets their voters vote again', async () => {
		const { cluster, a, b } = await setUpTwoOpenings();
		const { ballotId } = await cluster.vote(a, 0, [1]);
		await cluster.link(a, b);
		await cluster.advance(1_000);
		expect(linkedPeers(a)).toEqual([b.id]);
		expect(a.node.snapshot()).toMatchObject({ tip: b.node.snapshot().tip, opening: { groupSize: 4 } });
		// Nor does a peer with the same opening, to which such a ballot is a false one: it is not told.
		const c = await cluster.start();
		await cluster.link(c, a);
		await cluster.advance(1_000);
		expect(c.node.snapshot().phase).toBe('open');
		await cluster.done(c.node.resync());
		expect(linkedPeers(c)).toContain(a.id);
		expect(c.statistics.verified).toBe(0);
		expect((await cluster.done(a.node.voterStatus(cluster.voter(0)))).step).toBe('vote');
		expect((await cluster.vote(a, 0, [2])).ballotId).not.toBe(ballotId);
		await cluster.mine(b);
		expect(agreement(a)).toEqual(agreement(b));
		expect(b.node.ballots()).toMatchObject([{ choices: [2] }]);
	});

	it('proves a ballot anew that was proved for a group which a fork has undone', async () => {
		const { cluster, a, b } = await setUpTwoOpenings();
		const { ballotId, nullifier } = await cluster.vote(a, 0, [1]);
		await cluster.link(a, b);
		await cluster.advance(RESEND_MS + 1_000);
		const [pending] = b.node.pending();
		expect(pending).toMatchObject({ kind: 'ballot', nullifier, choices: [1] });
		await cluster.mine(b);
		expect(b.node.ballots()).toMatchObject([{ nullifier, choices: [1] }]);
		expect(agreement(a)).toEqual(agreement(b));
		// The receipt is that of the ballot that counts.
		const [receipt] = await a.node.receipts();
		expect(transactionId(decodeTransaction(receipt!.transaction))).not.toBe(ballotId);
		expect((await cluster.done(a.node.voterStatus(cluster.voter(0)))).step).toBe('voted');
	});

	it('does not say that an enrolment waits which the opening came before, nor mines for it', async () => {
		const { cluster, nodes } = await setUp(2);
		const [a, b] = nodes;
		await enrolAll(cluster, [a], 3);
		await part(cluster, a, b);
		await cluster.enrol(b, 3);
		await open(cluster, a);
		await cluster.link(a, b);
		await cluster.advance(1_000);
		expect(b.node.snapshot()).toMatchObject({ phase: 'open', pending: [] });
		// Should the opening be undone, it is still there.
		expect(b.node.pending()).toHaveLength(1);
		b.node.setMining(true);
		await cluster.advance(60_000);
		expect(b.node.snapshot()).toMatchObject({ height: 7, mining: { active: false } });
	});
});
