import { describe, expect, it, vi } from 'vitest';
import { PollenError } from '../errors/pollenError';
import type { PollenNode, VoteReceipt } from '../node/api';
import { ABSTAIN, VoteFlow } from './voteFlow.svelte';

/** A code of the demo election: what matters is that it is well formed. */
const CODE = 'DEBY-XWSM-4WBN-CJEY';
const RECEIPT = { receiptCode: 'AAAA-BBBB-CCCC' } as VoteReceipt;

function setUp(contests = 1) {
	const node = {
		checkVoter: vi.fn<PollenNode['checkVoter']>(() => Promise.resolve()),
		prepareProver: vi.fn<PollenNode['prepareProver']>(() => Promise.resolve()),
		prepareVote: vi.fn<PollenNode['prepareVote']>(),
		vote: vi.fn<PollenNode['vote']>(() => Promise.resolve(RECEIPT))
	};
	return { node, flow: new VoteFlow(node, contests) };
}

function fillIn(flow: VoteFlow) {
	flow.identify('VOID001', CODE);
	flow.choose(0, 2);
}

describe('VoteFlow', () => {
	it('asks for what is missing, one thing at a time, without asking the node', async () => {
		const { node, flow } = setUp();
		await flow.review();
		expect(flow.problem).toEqual({ at: 'choice', code: 'no-choice' });
		flow.choose(0, 1);
		expect(flow.problem).toBeUndefined();
		await flow.review();
		expect(flow.problem).toEqual({ at: 'voterId', code: 'no-voter-id' });
		flow.voterId = ' VOID001 ';
		await flow.review();
		expect(flow.problem).toEqual({ at: 'code', code: 'no-code' });
		expect(node.checkVoter).not.toHaveBeenCalled();
	});

	it('goes from the paper to the confirmation to the receipt, and empties the paper', async () => {
		const { node, flow } = setUp();
		fillIn(flow);
		await flow.review();
		expect(flow.stage).toBe('confirming');
		expect(node.vote).not.toHaveBeenCalled();
		const casting = flow.cast();
		expect(flow.stage).toBe('casting');
		await casting;
		expect(node.vote).toHaveBeenCalledExactlyOnceWith({ voterId: 'VOID001', code: CODE, choices: [2] });
		expect(flow).toMatchObject({ stage: 'filling', receipt: RECEIPT, voterId: '', code: '', choices: [255] });
	});

	it('casts once, however often it is asked to', async () => {
		const { node, flow } = setUp();
		fillIn(flow);
		await Promise.all([flow.review(), flow.review()]);
		await Promise.all([flow.cast(), flow.cast()]);
		await flow.cast();
		expect(node.checkVoter).toHaveBeenCalledTimes(1);
		expect(node.vote).toHaveBeenCalledTimes(1);
	});

	it('keeps the paper when the voter goes back', async () => {
		const { node, flow } = setUp();
		fillIn(flow);
		await flow.review();
		flow.back();
		expect(flow).toMatchObject({ stage: 'filling', voterId: 'VOID001', choices: [2] });
		await flow.cast();
		expect(node.vote).not.toHaveBeenCalled();
	});

	it.each([
		['unknown-voter', 'voterId'],
		['wrong-code', 'code'],
		['already-voted', 'code'],
		['poll-closed', 'ballot']
	] as const)('puts a refusal with %s beside the %s', async (code, at) => {
		const { node, flow } = setUp();
		node.checkVoter.mockRejectedValue(new PollenError(code));
		fillIn(flow);
		await flow.review();
		expect(flow.problem).toEqual({ at, code });
		expect(flow.stage).toBe('filling');
	});

	it('keeps the paper when casting is refused', async () => {
		const { node, flow } = setUp();
		node.vote.mockRejectedValue(new PollenError('storage-full'));
		fillIn(flow);
		await flow.review();
		await flow.cast();
		expect(flow).toMatchObject({
			stage: 'filling',
			problem: { at: 'ballot', code: 'storage-full' },
			voterId: 'VOID001',
			choices: [2],
			receipt: undefined
		});
	});

	it('starts the proof as soon as the paper is complete, and again after each change', () => {
		const { node, flow } = setUp();
		flow.choose(0, 0);
		flow.voterId = 'VOID001';
		flow.code = CODE.slice(0, -1);
		expect(node.prepareVote).not.toHaveBeenCalled();
		flow.code = CODE;
		flow.choose(0, 1);
		expect(node.prepareVote.mock.calls.map(([request]) => request.choices)).toEqual([[0], [1]]);
	});

	it('counts contests left untouched as abstentions, but not all of them', async () => {
		const { node, flow } = setUp(2);
		flow.identify('VOID001', CODE);
		flow.choose(1, 3);
		await flow.review();
		await flow.cast();
		expect(node.vote.mock.calls[0]?.[0].choices).toEqual([ABSTAIN, 3]);
		flow.identify('VOID002', CODE);
		flow.choose(0, 0);
		flow.choose(0, ABSTAIN);
		flow.choose(1, ABSTAIN);
		await flow.review();
		expect(flow.problem).toEqual({ at: 'choice', code: 'no-choice' });
		expect(node.checkVoter).toHaveBeenCalledTimes(1);
	});

	it('tells an abstention from a contest that was not touched', () => {
		const { flow } = setUp(3);
		flow.choose(0, ABSTAIN);
		flow.choose(2, 1);
		expect(flow.marks).toEqual([ABSTAIN, undefined, 1]);
		expect(flow.choices).toEqual([ABSTAIN, ABSTAIN, 1]);
	});

	it('makes no proof for a half marked paper before the voter has finished', async () => {
		const { node, flow } = setUp(2);
		flow.identify('VOID001', CODE);
		flow.choose(0, 1);
		expect(node.prepareVote).not.toHaveBeenCalled();
		await flow.review();
		expect(node.prepareVote.mock.calls.map(([request]) => request.choices)).toEqual([[1, ABSTAIN]]);
		flow.back();
		flow.choose(1, ABSTAIN);
		expect(node.prepareVote).toHaveBeenLastCalledWith({ voterId: 'VOID001', code: CODE, choices: [1, ABSTAIN] });
	});

	it('remembers who voted only once the ballot is cast', async () => {
		const { node, flow } = setUp();
		node.vote.mockRejectedValueOnce(new PollenError('storage-full'));
		fillIn(flow);
		await flow.review();
		await flow.cast();
		expect(flow.votedAs).toBeUndefined();
		await flow.review();
		await flow.cast();
		expect(flow.votedAs).toBe('VOID001');
	});

	it('gets the prover ready with the first mark, and for casting', async () => {
		const { node, flow } = setUp();
		node.prepareProver.mockRejectedValueOnce(new PollenError('artifact-unreachable'));
		flow.identify('VOID001', CODE);
		expect(node.prepareProver).not.toHaveBeenCalled();
		flow.choose(0, 2);
		await flow.review();
		expect(node.prepareProver).toHaveBeenCalledTimes(1);
		await flow.cast();
		expect(node.prepareProver).toHaveBeenCalledTimes(2);
	});

	it('casts what was confirmed once more when only files were missing, and nothing that has changed since', async () => {
		const { node, flow } = setUp();
		const fail = async () => {
			node.vote.mockRejectedValueOnce(new PollenError('artifact-unreachable'));
			fillIn(flow);
			await flow.review();
			await flow.cast();
			expect(flow.problem).toEqual({ at: 'ballot', code: 'artifact-unreachable' });
		};
		await fail();
		flow.choose(0, 1);
		expect(flow.mayCastAgain).toBe(false);
		await flow.castAgain();
		expect(node.vote).toHaveBeenCalledTimes(1);

		await fail();
		flow.identify('VOID001', CODE);
		expect(flow.mayCastAgain, 'the same voter, named again').toBe(true);
		await Promise.all([flow.castAgain(), flow.castAgain()]);
		expect(node.vote).toHaveBeenCalledTimes(3);
		expect(flow).toMatchObject({ stage: 'filling', receipt: RECEIPT, problem: undefined });
	});

	it('casts nothing once more that was refused for what it is', async () => {
		const { node, flow } = setUp();
		node.vote.mockRejectedValue(new PollenError('already-voted'));
		fillIn(flow);
		await flow.review();
		await flow.cast();
		await flow.castAgain();
		expect(node.vote).toHaveBeenCalledTimes(1);
	});
});
