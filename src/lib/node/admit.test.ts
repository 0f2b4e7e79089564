import { describe, expect, it } from 'vitest';
import { codeOf, diskImage, LedgerHarness, refusalOf, START_MS, stateOf } from '../../../tests/support/ledgerHarness';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import { ManualClock } from '../clock/manualClock';
import type { Hash } from '../bytes/hash';
import { credentialKeyOf } from '../election/codeKeys';
import { ballotMessage } from '../election/ballotMessage';
import { transactionId, type Ballot } from '../election/transaction';
import type { ErrorCode } from '../errors/pollenError';

const instant = (ms: number) => new Date(ms).toISOString();

describe('a ballot', () => {
	it('waits in the mempool and on disk, announced once', async () => {
		const harness = new LedgerHarness();
		const ballots = await harness.ballots(3);
		const { ledger, disk, admitted, commits, clock } = await harness.open();
		const ids = ballots.map(transactionId);
		expect(await Promise.all(ballots.map((ballot) => ledger.addTransaction(ballot, 'relaxed')))).toEqual(
			Array(3).fill('added')
		);
		expect(stateOf(ledger).pending).toEqual(ids);
		expect(admitted).toEqual(ids);
		expect(ledger.core.mempool.all().map(({ receivedAt }) => receivedAt)).toEqual(Array(3).fill(clock.now()));
		expect([...disk.elections.get(harness.electionId)!.transactions.keys()]).toEqual(ids);
		expect(commits.map(({ durability }) => durability)).toEqual(['relaxed']);
	});

	it('that is one’s own makes the write of its whole batch strict', async () => {
		const harness = new LedgerHarness();
		const [mine, other] = [await harness.ballot(0), await harness.ballot(1)];
		const { ledger, commits } = await harness.open();
		await Promise.all([ledger.addTransaction(other, 'relaxed'), ledger.addTransaction(mine, 'strict')]);
		expect(commits.map(({ durability }) => durability)).toEqual(['strict']);
	});

	it('that is replayed is known, pending or recorded, and costs neither a proof nor a write', async () => {
		const harness = new LedgerHarness();
		const ballot = await harness.ballot(0);
		const { ledger, statistics, commits, admitted } = await harness.open();
		expect(await Promise.all([1, 2].map(() => ledger.addTransaction(ballot, 'strict')))).toEqual(['added', 'known']);
		expect(await ledger.addTransaction(ballot, 'strict')).toBe('known');
		await ledger.addBlock(harness.mine(harness.genesis, [ballot]).block);
		expect(await ledger.addTransaction(ballot, 'strict')).toBe('known');
		expect(statistics.verified).toBe(1);
		expect(commits).toHaveLength(2);
		expect(admitted).toEqual([transactionId(ballot)]);
	});

	it('refused with others in one batch does not harm them', async () => {
		const harness = new LedgerHarness();
		const [good, copied] = [await harness.ballot(0), { ...(await harness.ballot(1)), choices: [2] }];
		const { ledger, statistics } = await harness.open();
		const unencodable = { ...good, choices: [] };
		const offers = [copied, good, unencodable].map((ballot) => refusalOf(ledger.addTransaction(ballot, 'relaxed')));
		expect(await Promise.all(offers)).toEqual(['bad-proof', undefined, 'bad-encoding']);
		expect(statistics.batches).toBe(1);
	});

	it('that came in the moment the poll opened is refused as too early, not as unproved', async () => {
		const harness = new LedgerHarness({ changes: { opensAt: instant(START_MS + 2) } });
		const ballot = await harness.ballot(0);
		const { ledger } = await harness.open({ clock: new TickingClock(START_MS) });
		expect(await refusalOf(ledger.addTransaction(ballot, 'relaxed'))).toBe('poll-not-open');
		expect(await refusalOf(ledger.addTransaction(ballot, 'relaxed'))).toBeUndefined();
	});
});

describe('a ballot is refused, and nothing changes, with', () => {
	type Offer = (harness: LedgerHarness, ballot: Ballot) => Ballot | Promise<Ballot>;
	const offers: readonly (readonly [code: ErrorCode, what: string, offer: Offer])[] = [
		['unknown-option', 'an option that is not there', (_, ballot) => ({ ...ballot, choices: [3] })],
		['unknown-option', 'a choice too many', (_, ballot) => ({ ...ballot, choices: [0, 0] })],
		['no-choice', 'no choice in any contest', (harness) => harness.ballot(2, [255])],
		['bad-encoding', 'a proof of another length', (_, ballot) => ({ ...ballot, proof: ballot.proof.slice(1) })],
		['bad-proof', 'a proof that does not hold', (_, ballot) => ({ ...ballot, proof: new Uint8Array(256) })],
		['bad-proof', 'the proof of another choice', (_, ballot) => ({ ...ballot, choices: [2] })],
		[
			'bad-proof',
			'the proof of another voter',
			async (harness, ballot) => ({ ...ballot, proof: (await harness.ballot(3)).proof })
		],
		['bad-proof', 'a proof for another election', (harness) => electionLike(harness, { title: 'Another' }).ballot(2)],
		['bad-proof', 'a proof for another group', (harness) => anotherGroup(harness)],
		['duplicate-nullifier', 'a pending ballot of the same credential', (harness) => harness.ballot(1, [2])],
		['duplicate-nullifier', 'a recorded ballot of the same credential', (harness) => harness.ballot(0, [2])],
		[
			'duplicate-nullifier',
			'a copy of a pending one with another choice',
			async (harness) => ({ ...(await harness.ballot(1)), choices: [1] })
		],
		[
			'duplicate-nullifier',
			'a copy of a recorded one with another proof',
			async (harness) => ({ ...(await harness.ballot(0)), proof: new Uint8Array(256) })
		]
	];

	it.each(offers)('%s: %s', async (code, _, offer) => {
		const harness = new LedgerHarness();
		const { ledger, disk, commits, admitted } = await harness.open();
		await ledger.addBlock(harness.mine(harness.genesis, [await harness.ballot(0)]).block);
		await ledger.addTransaction(await harness.ballot(1), 'strict');
		const before = { state: stateOf(ledger), disk: diskImage(disk), commits: commits.length, admitted: [...admitted] };
		const bad = await offer(harness, await harness.ballot(2));
		expect(await refusalOf(ledger.addTransaction(bad, 'strict'))).toBe(code);
		expect({ state: stateOf(ledger), disk: diskImage(disk), commits: commits.length, admitted }).toEqual(before);
	});

	it('poll-not-open and poll-closed, by the clock', async () => {
		const harness = new LedgerHarness({
			changes: { opensAt: instant(START_MS + 1_000), closesAt: instant(START_MS + 2_000) }
		});
		const clock = new ManualClock(START_MS);
		const { ledger, statistics } = await harness.open({ clock });
		const offer = async (voter: number) => refusalOf(ledger.addTransaction(await harness.ballot(voter), 'strict'));
		expect(await offer(0)).toBe('poll-not-open');
		clock.advance(1_000);
		expect(await offer(0)).toBeUndefined();
		clock.advance(1_001);
		expect(await offer(1)).toBe('poll-closed');
		expect(statistics.verified).toBe(1);
	});
});

function electionLike({ election }: LedgerHarness, changes: object): LedgerHarness {
	return new LedgerHarness({ voters: election.roll.length, changes });
}

/** Somebody who is not on the roll takes the ID of the election for the scope, and a group of their own. */
async function anotherGroup(harness: LedgerHarness): Promise<Ballot> {
	const larger = new LedgerHarness({ voters: 6 });
	const stranger = fakeProofs()({ ...larger.proofContext, scope: harness.electionId });
	const group = larger.election.roll.map(({ key }) => key as Hash);
	const key = credentialKeyOf(codeOf(5));
	const { nullifier, proof } = await stranger.prove(key, group, ballotMessage(harness.electionId, [0]));
	return { kind: 'ballot', nullifier, choices: [0], proof };
}

/** A millisecond passes between any two looks at it. */
class TickingClock extends ManualClock {
	override now(): number {
		this.advance(1);
		return super.now();
	}
}
