import { expect, it } from 'vitest';
import { LedgerHarness } from '../../../tests/support/ledgerHarness';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import { transactionId } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import { Verdicts } from './verdicts';

const harness = new LedgerHarness();

function verdicts(limit?: number) {
	const statistics = { proved: 0, verified: 0, batches: 0 };
	const verifier = fakeProofs(statistics)(harness.proofContext);
	return { statistics, verdicts: new Verdicts(harness.electionId, verifier, limit) };
}

it('verifies a batch in one call and each transaction once, whatever came before', async () => {
	const { statistics, verdicts: judge } = verdicts();
	const [first, second, third] = (await harness.ballots(3)) as [never, never, never];
	await judge.verify([first, second, first]);
	expect(statistics).toMatchObject({ verified: 2, batches: 1 });
	const isProven = await judge.verify([first, second, third]);
	expect(statistics).toMatchObject({ verified: 3, batches: 2 });
	await judge.verify([first]);
	await judge.verify([]);
	expect(statistics).toMatchObject({ verified: 3, batches: 2 });
	for (const ballot of [first, second, third]) expect(isProven(transactionId(ballot))).toBe(true);
});

it('tells good from bad in one batch, and knows nothing of what it was not asked', async () => {
	const { verdicts: judge } = verdicts();
	const [good, other] = await harness.ballots(2);
	if (!good || !other) throw new Error('no ballots');
	const bad = { ...other, choices: [2] };
	const isProven = await judge.verify([bad, good]);
	expect(isProven(transactionId(good))).toBe(true);
	expect(isProven(transactionId(bad))).toBe(false);
	expect(isProven(transactionId(other))).toBe(false);
});

it('has a verdict about each of a batch that is larger than what it remembers', async () => {
	const { verdicts: judge } = verdicts(2);
	const ballots = await harness.ballots(5);
	const isProven = await judge.verify(ballots);
	expect(ballots.map((ballot) => isProven(transactionId(ballot)))).toEqual(Array(5).fill(true));
});

it('takes a verifier that fails for no verdict', async () => {
	let broken = true;
	const working = fakeProofs()(harness.proofContext);
	const judge = new Verdicts(harness.electionId, {
		verify: (statements) => (broken ? Promise.reject(new PollenError('worker-failed')) : working.verify(statements))
	});
	const ballot = await harness.ballot(0);
	await expect(judge.verify([ballot])).rejects.toMatchObject({ code: 'worker-failed' });
	broken = false;
	expect((await judge.verify([ballot]))(transactionId(ballot))).toBe(true);
});
