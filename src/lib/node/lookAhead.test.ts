import { expect, it } from 'vitest';
import { addAll, addHeaders, LedgerHarness, refusalOf, type MinedBlock } from '../../../tests/support/ledgerHarness';
import { fakeProofs } from '../../../tests/support/fakeProofs';
import type { Nullifier } from '../bytes/hash';
import type { Ballot } from '../election/transaction';
import type { ProofStatement } from '../proofs/port';
import { createMemoryDisk } from '../storage/memoryDisk';

const VOTERS = 8;
const harness = new LedgerHarness({ voters: VOTERS });

/** A ledger of which the verifier notes what it is asked, and is told when to answer. */
async function slowLedger() {
	const proofs = fakeProofs()(harness.proofContext);
	const asked: Nullifier[][] = [];
	/** How many commits had been made when it was asked. */
	const writtenBefore: number[] = [];
	let commits: readonly unknown[] = [];
	let answer = (): void => undefined;
	let isHeld = false;
	const opened = await harness.open({
		verifier: {
			...proofs,
			groupRootOf: (commitments) => proofs.groupRootOf(commitments),
			verifySignatures: (statements) => proofs.verifySignatures(statements),
			async verify(statements: readonly ProofStatement[]) {
				asked.push(statements.map(({ nullifier }) => nullifier));
				writtenBefore.push(commits.length);
				if (isHeld) await new Promise<void>((resolve) => (answer = resolve));
				return await proofs.verify(statements);
			}
		}
	});
	commits = opened.commits;
	return {
		...opened,
		asked,
		writtenBefore,
		hold: () => (isHeld = true),
		release() {
			isHeld = false;
			answer();
		}
	};
}

/** Gives everything that waits for nothing but its turn the time to happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

const nullifiers = (blocks: readonly MinedBlock[]) =>
	blocks.flatMap(({ block }) => block.transactions.map((transaction) => (transaction as Ballot).nullifier));

it('verifies what waits for its turn while the blocks before are written, as one batch, and not again', async () => {
	const chain = harness.mineChain(harness.genesis, VOTERS, await harness.ballots(VOTERS));
	const { ledger, asked, writtenBefore, hold, release } = await slowLedger();
	await addHeaders(
		ledger,
		chain.map(({ header }) => header)
	);
	hold();
	const first = ledger.addBlock(chain[0]!.block);
	await settle();
	expect(asked).toEqual([nullifiers(chain.slice(0, 1))]);
	const rest = chain.slice(1).map(({ block }) => ledger.addBlock(block));
	await settle();
	expect(asked).toHaveLength(1);
	release();
	expect(await first).toBe('connected');
	expect(await Promise.all(rest)).toEqual(chain.slice(1).map(() => 'connected'));
	expect(asked).toEqual([nullifiers(chain.slice(0, 1)), nullifiers(chain.slice(1))]);
	expect(writtenBefore).toEqual([0, 0]);
	expect(ledger.core.state.digest()).toBe(harness.replay(chain.at(-1)!).digest());
});

it('verifies nothing ahead that has shown no work: a header that was not checked, a body that is not of its header', async () => {
	const ballots = await harness.ballots(4);
	const chain = harness.mineChain(harness.genesis, 3, ballots);
	const { ledger, asked, hold, release } = await slowLedger();
	await addHeaders(
		ledger,
		chain.slice(0, 2).map(({ header }) => header)
	);
	hold();
	const first = ledger.addBlock(chain[0]!.block);
	await settle();
	const swapped = ledger.addBlock({ ...chain[1]!.block, transactions: [ballots[3]!] });
	const refused = refusalOf(swapped);
	const unannounced = ledger.addBlock(chain[2]!.block);
	const refusedToo = refusalOf(unannounced);
	await settle();
	release();
	await first;
	expect(await refused).toBe('bad-merkle-root');
	expect(await refusedToo).toBeUndefined();
	await settle();
	expect(asked).toEqual([nullifiers(chain.slice(0, 1))]);
});

it('takes no block for good because it was looked at early: a false proof is refused in its turn', async () => {
	const ballots = await harness.ballots(3);
	const forged = { ...ballots[1]!, choices: [2] };
	const good = harness.mine(harness.genesis, [ballots[0]!]);
	const bad = harness.mine(good, [forged]);
	const child = harness.mine(bad, [ballots[2]!]);
	const { ledger, hold, release } = await slowLedger();
	await addHeaders(
		ledger,
		[good, bad, child].map(({ header }) => header)
	);
	hold();
	const added = [good, bad, child].map(({ block }) => refusalOf(ledger.addBlock(block)));
	await settle();
	release();
	expect(await Promise.all(added)).toEqual([undefined, 'bad-proof', 'invalid-parent']);
	expect(ledger.core.tip.hash).toBe(good.hash);
});

it('a tab that is closed half-way goes on where it was, and verifies nothing twice', async () => {
	const disk = createMemoryDisk();
	const chain = harness.mineChain(harness.genesis, VOTERS, await harness.ballots(VOTERS));
	const before = await harness.open({ disk });
	await addAll(before.ledger, chain.slice(0, 5));
	const after = await harness.open({ disk });
	expect(after.ledger.core.tip.hash).toBe(chain[4]!.hash);
	await addAll(after.ledger, chain.slice(5));
	expect(after.ledger.core.tip.hash).toBe(chain.at(-1)!.hash);
	expect(before.statistics.verified + after.statistics.verified).toBe(VOTERS);
});

it('a step ends before it holds too many transactions, whatever they come in', async () => {
	const crowd = new LedgerHarness({ voters: 900 });
	const ballots = await crowd.ballots(900);
	const chain: MinedBlock[] = [];
	for (let at = 0; at < 900; at += 300) chain.push(crowd.mine(chain.at(-1), ballots.slice(at, at + 300)));
	const { ledger, tipChanges, commits, disk } = await crowd.open();
	expect(await Promise.all(chain.map(({ block }) => ledger.addBlock(block)))).toEqual(chain.map(() => 'connected'));
	expect(tipChanges.map(({ connected }) => connected.length)).toEqual([1, 1, 1]);
	// Each is written once, in its own step.
	expect(commits.map(({ change }) => change.putBlocks?.map(({ hash }) => hash))).toEqual(
		chain.map(({ hash }) => [hash])
	);
	expect((await crowd.afterRestart(disk)).tip).toBe(chain.at(-1)!.hash);
	expect(ledger.core.state.digest()).toBe(crowd.replay(chain.at(-1)!).digest());
});
