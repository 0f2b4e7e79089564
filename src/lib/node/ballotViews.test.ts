import { expect, it } from 'vitest';
import { Pace } from '../audit/pace';
import { LedgerHarness } from '../../../tests/support/ledgerHarness';
import { receiptCode } from '../election/receiptCode';
import { BallotViews } from './ballotViews';
import { ReceiptCodes } from './receiptCodes';

const harness = new LedgerHarness();

async function chainOf(count: number) {
	return harness.mineChain(harness.genesis, count, await harness.ballots(count));
}

it('shows the ballots of the chain in its order, each with the receipt code of its nullifier', async () => {
	const chain = await chainOf(3);
	const views = new BallotViews(new ReceiptCodes()).all(harness.replay(chain[2]!));
	const ballots = [...harness.replay(chain[2]!).ballots.values()];
	expect(views.map(({ receiptCode: code }) => code)).toEqual(ballots.map(({ nullifier }) => receiptCode(nullifier)));
	for (const [index, view] of views.entries()) {
		const { nullifier, choices, height, blockHash, timestamp } = ballots[index]!;
		expect(view).toMatchObject({ nullifier, choices, height, blockHash, timestamp });
	}
});

it('makes the view of a ballot once, and another when the ballot comes to stand elsewhere', async () => {
	const [ballot] = await harness.ballots(1);
	const state = harness.replay(harness.genesis);
	const views = new BallotViews(new ReceiptCodes());
	const first = harness.mine(harness.genesis, [ballot!]);
	const evidence = { isProven: () => true, isSigned: () => true, isRootOf: () => true };
	state.connectBlock(first.block, first.hash, evidence);
	const [before] = views.all(state);
	expect(views.all(state)[0]).toBe(before);
	state.disconnectBlock(first.block, first.hash);
	expect(views.all(state)).toEqual([]);
	const empty = harness.mine();
	const second = harness.mine(empty, [ballot!]);
	state.connectBlock(empty.block, empty.hash, evidence);
	state.connectBlock(second.block, second.hash, evidence);
	expect(views.all(state)).toMatchObject([{ nullifier: ballot!.nullifier, height: 2, blockHash: second.hash }]);
});

it('learns codes ahead in pieces, and gives the same', async () => {
	const codes = new ReceiptCodes();
	const nullifiers = [...harness.replay((await chainOf(5))[4]!).ballots.keys()];
	let now = 0;
	await codes.learn(nullifiers, new Pace(undefined, () => (now += 20)));
	expect(nullifiers.map((nullifier) => codes.of(nullifier))).toEqual(nullifiers.map(receiptCode));
});
