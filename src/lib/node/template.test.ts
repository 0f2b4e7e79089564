import { describe, expect, it } from 'vitest';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import { LedgerHarness, START_MS } from '../../../tests/support/ledgerHarness';
import { ManualClock } from '../clock/manualClock';
import { nextTarget } from '../chain/difficulty';
import { encodeBlock, MAX_BLOCK_BYTES } from '../election/block';
import { sampleBallot, sampleCommitment } from '../election/testing/samples';
import { sampleEnrolment, sampleEnrolmentElection } from '../election/testing/signedSamples';
import { transactionId } from '../election/transaction';
import { buildTemplate } from './template';

/** Takes every proof for true, so that sample ballots will do. */
const credulous = ({ proofContext }: LedgerHarness) => ({
	...fakeProofs()(proofContext),
	verify: (statements: readonly unknown[]) => Promise.resolve(statements.map(() => true))
});

describe('a template', () => {
	it('is a block that only lacks a nonce', async () => {
		const harness = new LedgerHarness({ changes: { initialDifficulty: 64 } });
		const parent = harness.mine();
		const tip = harness.mine(parent, [], { timestamp: parent.header.timestamp + 1 });
		const { ledger } = await harness.openWith([parent, tip]);
		const ballot = await harness.ballot(0);
		await ledger.addTransaction(ballot, 'strict');
		const template = buildTemplate(ledger.core, 77n);
		expect(template.transactions).toEqual([ballot]);
		expect(template.header).toMatchObject({
			nonce: 77n,
			height: 3,
			previousHash: tip.hash,
			timestamp: START_MS,
			target: nextTarget(harness.election, tip.header, parent.header)
		});
		expect(template.header.target).toBeLessThan(tip.header.target);
		const { merkleRoot, timestamp, target } = template.header;
		const unmined = { merkleRoot, timestamp, target };
		expect(await ledger.addBlock(harness.mine(tip, template.transactions, unmined).block)).toBe('connected');
		expect(buildTemplate(ledger.core, 0n).transactions).toEqual([]);
	});

	it('is later than its parent, even when the clock is not', async () => {
		const harness = new LedgerHarness();
		const early = harness.mine(harness.genesis, [], { timestamp: START_MS + 30_000 });
		const { ledger } = await harness.openWith([early]);
		expect(buildTemplate(ledger.core, 0n).header.timestamp).toBe(START_MS + 30_001);
	});

	it('holds ballots in the order of their IDs, whoever came first', async () => {
		const harness = new LedgerHarness({ voters: 12 });
		const { ledger } = await harness.open();
		for (const ballot of await harness.ballots(12)) await ledger.addTransaction(ballot, 'strict');
		const ids = buildTemplate(ledger.core, 0n).transactions.map(transactionId);
		expect(ids).toHaveLength(12);
		expect(ids).toEqual([...ids].sort());
	});

	it('takes as many as fit into a block, the longest waiting first', async () => {
		const harness = new LedgerHarness();
		const { ledger } = await harness.open({ verifier: credulous(harness) });
		const ballots = Array.from({ length: 905 }, (_, seed) => sampleBallot(seed, [0]));
		await Promise.all(ballots.map((ballot) => ledger.addTransaction(ballot, 'relaxed')));
		const template = buildTemplate(ledger.core, 0n);
		const bytes = encodeBlock(template).length;
		expect(bytes).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
		expect(bytes + 291).toBeGreaterThan(MAX_BLOCK_BYTES);
		const fitting = ballots.slice(0, template.transactions.length).map(transactionId);
		expect(template.transactions.map(transactionId)).toEqual(fitting.sort());
		expect(await ledger.addBlock(harness.mine(harness.genesis, template.transactions).block)).toBe('connected');
		expect(ledger.core.mempool.size).toBe(905 - template.transactions.length);
	});

	it('judges no more than fit, however many are pending', async () => {
		const harness = new LedgerHarness();
		const { ledger } = await harness.open({ verifier: credulous(harness) });
		const ballots = Array.from({ length: 1_500 }, (_, seed) => sampleBallot(seed, [0]));
		await Promise.all(ballots.map((ballot) => ledger.addTransaction(ballot, 'relaxed')));
		let judged = 0;
		const template = buildTemplate(ledger.core, 0n, () => ++judged < 0);
		expect(template.transactions.length).toBeGreaterThan(800);
		expect(judged).toBe(template.transactions.length + 1);
	});

	it('leaves out what the rules do not allow at its time', async () => {
		const harness = new LedgerHarness({ changes: { closesAt: new Date(START_MS + 1_000).toISOString() } });
		const clock = new ManualClock(START_MS);
		const { ledger } = await harness.open({ clock });
		await ledger.addTransaction(await harness.ballot(0), 'strict');
		expect(buildTemplate(ledger.core, 0n).transactions).toHaveLength(1);
		clock.advance(1_001);
		expect(buildTemplate(ledger.core, 0n).transactions).toHaveLength(0);
		expect(ledger.core.mempool.size).toBe(1);
	});

	it('never holds two enrolments with one commitment, which a fork can leave behind', async () => {
		const election = sampleEnrolmentElection();
		const harness = new LedgerHarness({ changes: election });
		const { electionId, genesis } = harness;
		const commitment = sampleCommitment(1);
		const [copied, original] = [sampleEnrolment(electionId, 1, commitment), sampleEnrolment(electionId, 0, commitment)];
		const recorded = harness.mine(genesis, [original]);
		const { ledger } = await harness.open();
		await ledger.addTransaction(copied, 'strict');
		for (const { block } of [recorded, ...harness.mineChain(genesis, 2)]) await ledger.addBlock(block);
		expect(ledger.core.mempool.size).toBe(2);
		expect(buildTemplate(ledger.core, 0n).transactions).toEqual([copied]);
	});
});
