import { expect, it } from 'vitest';
import { fakeProofs, noStatistics } from '../../../tests/support/fakeProofs';
import { LedgerHarness } from '../../../tests/support/ledgerHarness';
import type { Hash } from '../bytes/hash';
import { sampleCommitment } from '../election/testing/samples';
import { transactionId, type Ballot } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import { Verdicts, type EvidenceNeeds } from './verdicts';

const harness = new LedgerHarness();

function verdicts(limit?: number) {
	const statistics = noStatistics();
	const verifier = fakeProofs(statistics)(harness.proofContext);
	return { statistics, verdicts: new Verdicts(harness.election, harness.electionId, verifier, limit) };
}

function proofsOf(ballots: readonly Ballot[], groupRoot: Hash | null = null): EvidenceNeeds {
	return { ballots: ballots.map((ballot) => ({ ballot, groupRoot })), signed: [], groups: [] };
}

it('verifies a batch in one call and each transaction once, whatever came before', async () => {
	const { statistics, verdicts: judge } = verdicts();
	const [first, second, third] = (await harness.ballots(3)) as [Ballot, Ballot, Ballot];
	await judge.gather(proofsOf([first, second, first]));
	expect(statistics).toMatchObject({ verified: 2, batches: 1 });
	const { isProven } = await judge.gather(proofsOf([first, second, third]));
	expect(statistics).toMatchObject({ verified: 3, batches: 2 });
	await judge.gather(proofsOf([first]));
	await judge.gather(proofsOf([]));
	expect(statistics).toMatchObject({ verified: 3, batches: 2, groups: 1 });
	for (const ballot of [first, second, third]) expect(isProven(transactionId(ballot), null)).toBe(true);
});

it('tells good from bad in one batch, and knows nothing of what it was not asked', async () => {
	const { verdicts: judge } = verdicts();
	const [good, other] = (await harness.ballots(2)) as [Ballot, Ballot];
	const bad = { ...other, choices: [2] };
	const { isProven } = await judge.gather(proofsOf([bad, good]));
	expect(isProven(transactionId(good), null)).toBe(true);
	expect(isProven(transactionId(bad), null)).toBe(false);
	expect(isProven(transactionId(other), null)).toBe(false);
});

it('keeps the verdict about a ballot apart for each group', async () => {
	const { verdicts: judge, statistics } = verdicts();
	const ballot = await harness.ballot(0);
	const otherGroup = sampleCommitment(9);
	await judge.gather(proofsOf([ballot]));
	const { isProven } = await judge.gather(proofsOf([ballot], otherGroup));
	expect(isProven(transactionId(ballot), otherGroup)).toBe(false);
	expect(statistics.verified).toBe(2);
});

it('knows the roots of the groups that were asked for last', async () => {
	const { verdicts: judge, statistics } = verdicts();
	const groupOf = (size: number) => Array.from({ length: size }, (_, index) => sampleCommitment(index + 1));
	const ask = (group: Hash[]) => judge.gather({ ballots: [], signed: [], groups: [group] });
	const root = await fakeProofs()(harness.proofContext).groupRootOf(groupOf(3));
	const { isRootOf } = await ask(groupOf(3));
	expect([isRootOf(root, groupOf(3)), isRootOf(root, groupOf(4)), isRootOf(groupOf(3)[0]!, groupOf(3))]).toEqual([
		true,
		false,
		false
	]);
	await ask(groupOf(3));
	expect(statistics.groups).toBe(1);
	expect(judge.isKnownRootOf(root, groupOf(3))).toBe(true);
	for (let size = 4; size < 20; size++) await ask(groupOf(size));
	expect(judge.isKnownRootOf(root, groupOf(3))).toBe(false);
});

it('tells groups apart by every member and by their order, however many there are', async () => {
	const group = Array.from({ length: 200_000 }, (_, index) => sampleCommitment(index + 1));
	const { verdicts: judge } = verdicts();
	const root = sampleCommitment(7);
	judge.rememberRoot(root, group);
	expect(judge.isKnownRootOf(root, [...group])).toBe(true);
	expect(judge.isKnownRootOf(group[0]!, group)).toBe(false);
	const others = [group.slice(1), group.toReversed(), group.with(150_000, root), [...group, root]];
	expect(others.map((other) => judge.isKnownRootOf(root, other))).toEqual(others.map(() => false));
});

it('has a verdict about each of a batch that is larger than what it remembers', async () => {
	const { verdicts: judge } = verdicts(2);
	const ballots = await harness.ballots(5);
	const { isProven } = await judge.gather(proofsOf(ballots));
	expect(ballots.map((ballot) => isProven(transactionId(ballot), null))).toEqual(Array(5).fill(true));
});

it('takes a verifier that fails for no verdict', async () => {
	let broken = true;
	const working = fakeProofs()(harness.proofContext);
	const judge = new Verdicts(harness.election, harness.electionId, {
		...working,
		verify: (statements) => (broken ? Promise.reject(new PollenError('worker-failed')) : working.verify(statements))
	});
	const ballot = await harness.ballot(0);
	await expect(judge.gather(proofsOf([ballot]))).rejects.toMatchObject({ code: 'worker-failed' });
	broken = false;
	const { isProven } = await judge.gather(proofsOf([ballot]));
	expect(isProven(transactionId(ballot), null)).toBe(true);
});
