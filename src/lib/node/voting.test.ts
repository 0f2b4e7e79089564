import { bytesToHex } from '../bytes/hex';
import { credentialKeyOf } from '../election/codeKeys';
import { describe, expect, it } from 'vitest';
import { Cluster, type ClusterNode } from '../../../tests/support/cluster';
import { diskImage, failWrites } from '../../../tests/support/ledgerHarness';
import { decodeTransaction, transactionId } from '../election/transaction';
import { formatCode } from '../election/votingCode';
import { PollenError } from '../errors/pollenError';
import type { Proofs, ProofStatement } from '../proofs/port';
import { deferred } from './deferred';
import { SETTLE_MS } from './voting';

const START = 1_000_000_000;
const hours = (count: number) => new Date(START + count * 3_600_000).toISOString();

describe('refusals', () => {
	it.each([
		['unknown-voter', 'NOBODY', undefined],
		['unknown-voter', '', undefined],
		['unknown-voter', 'voter0', undefined],
		['wrong-code', 'VOTER0', ''],
		['wrong-code', 'VOTER0', 'not a code'],
		['wrong-code', 'VOTER0', '0000-0000-0000-0001'],
		['wrong-code', 'VOTER1', undefined]
	] as const)('%s for voter "%s" with code "%s"', async (code, voterId, typed) => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const request = { voterId, code: typed ?? cluster.voter(0).code, choices: [0] };
		expect(await cluster.refusal(a.node.checkVoter(voterId, request.code))).toBe(code);
		expect(await cluster.refusal(a.node.vote(request))).toBe(code);
		expect(a.node.pending()).toEqual([]);
		expect(a.statistics.proved).toBe(0);
	});

	it('does not derive a credential from what cannot be a code, and from a code only once', async () => {
		const cluster = new Cluster();
		let derived = 0;
		const a = await cluster.start({
			proofs: (fake) => ({
				...fake,
				commitmentOf: (code) => {
					derived += 1;
					return fake.commitmentOf(code);
				}
			})
		});
		const { voterId, code } = cluster.voter(0);
		expect(await cluster.refusal(a.node.checkVoter(voterId, 'not a code'))).toBe('wrong-code');
		expect(derived).toBe(0);
		await cluster.done(a.node.checkVoter(voterId, code));
		await cluster.vote(a, 0);
		expect(derived).toBe(1);
	});

	it.each([
		['no-choice', [255]],
		['unknown-option', [3]],
		['unknown-option', [-1]],
		['unknown-option', [0.5]],
		['unknown-option', []],
		['unknown-option', [0, 0]]
	] as const)('%s for choices %j', async (code, choices) => {
		const cluster = new Cluster();
		const a = await cluster.start();
		expect(await cluster.refusal(a.node.vote({ ...cluster.voter(0), choices }))).toBe(code);
		expect(a.statistics.proved).toBe(0);
	});

	it('before the poll opens and after it closes', async () => {
		const cluster = new Cluster({ changes: { opensAt: hours(1), closesAt: hours(2) } });
		const a = await cluster.start();
		const { voterId, code } = cluster.voter(0);
		const vote = () => a.node.vote({ voterId, code, choices: [0] });
		expect(a.node.snapshot().phase).toBe('before');
		expect(await cluster.refusal(a.node.checkVoter(voterId, code))).toBe('poll-not-open');
		expect(await cluster.refusal(vote())).toBe('poll-not-open');
		await cluster.advance(3_600_000);
		expect(a.node.snapshot().phase).toBe('open');
		expect(await cluster.refusal(a.node.checkVoter(voterId, code))).toBeUndefined();
		await cluster.done(vote());
		await cluster.advance(3_600_000);
		expect(a.node.snapshot().phase).toBe('closed');
		const late = cluster.voter(1);
		expect(await cluster.refusal(a.node.checkVoter(late.voterId, late.code))).toBe('poll-closed');
		expect(await cluster.refusal(a.node.vote({ ...late, choices: [0] }))).toBe('poll-closed');
	});

	it('a second ballot, while the first is pending and when it is recorded, here and elsewhere', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		await cluster.vote(a, 0, [0]);
		const { voterId, code } = cluster.voter(0);
		for (const step of ['pending', 'recorded']) {
			for (const { node } of [a, b]) {
				expect(await cluster.refusal(node.checkVoter(voterId, code)), step).toBe('already-voted');
				expect(await cluster.refusal(node.vote({ voterId, code, choices: [1] })), step).toBe('already-voted');
			}
			await cluster.mine(b);
		}
		expect(a.node.results().ballots).toBe(1);
		expect(a.statistics.proved + b.statistics.proved).toBe(1);
	});

	it('a ballot that another device cast while this one was proving', async () => {
		const cluster = new Cluster();
		const held = holdProofs();
		const a = await cluster.start({ proofs: held.wrap });
		const b = await cluster.start();
		await cluster.link(a, b);
		const voting = a.node.vote({ ...cluster.voter(0), choices: [0] });
		await cluster.settle();
		await cluster.vote(b, 0, [1]);
		held.release();
		expect(await cluster.refusal(voting)).toBe('already-voted');
		expect(await a.node.receipts()).toEqual([]);
	});

	it('a disk that is full, and leaves nothing behind', async () => {
		const cluster = new Cluster();
		const [a, b] = (await cluster.startLine(2)) as [ClusterNode, ClusterNode];
		const before = diskImage(a.disk);
		const repair = failWrites(a.disk);
		expect(await cluster.refusal(a.node.vote({ ...cluster.voter(0), choices: [0] }))).toBe('storage-full');
		expect(a.node.pending()).toEqual([]);
		expect(b.node.pending()).toEqual([]);
		expect(diskImage(a.disk)).toEqual(before);
		expect(a.node.snapshot().storageError).toBe('storage-full');
		repair();
		await cluster.vote(a, 0, [1]);
		expect(b.node.pending()).toHaveLength(1);
		expect(a.node.snapshot().storageError).toBeUndefined();
	});
});

describe('voting', () => {
	it('takes voter IDs and codes as people type them', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const { voterId, code } = cluster.voter(0);
		const typed = ` ${formatCode(code).toLowerCase()} `;
		await cluster.done(a.node.checkVoter(` ${voterId} `, typed));
		await cluster.done(a.node.vote({ voterId: `${voterId} `, code: typed, choices: [1] }));
		expect(a.node.pending()).toMatchObject([{ choices: [1] }]);
	});

	it('keeps a receipt in the wallet, with the ballot itself', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const receipt = await cluster.vote(a, 3, [2]);
		const [stored] = await a.node.receipts();
		expect(stored).toMatchObject({
			electionId: cluster.harness.electionId,
			nullifier: receipt.nullifier,
			voterId: 'VOTER3',
			choices: [2],
			castAt: cluster.now
		});
		expect(transactionId(decodeTransaction(stored!.transaction))).toBe(receipt.ballotId);
		expect(a.node.snapshot().pending).toEqual([
			{ id: receipt.ballotId, kind: 'ballot', receiptCode: receipt.receiptCode, choices: [2] }
		]);
		await cluster.mine(a);
		expect(a.node.ballots()).toMatchObject([{ receiptCode: receipt.receiptCode, nullifier: receipt.nullifier }]);
	});

	it('has voted although the receipt could not be kept', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		// The ballot is one write; the receipt is the next.
		const repair = failWrites(a.disk, 'QuotaExceededError', 1);
		await cluster.vote(a, 0);
		repair();
		expect(a.node.pending()).toHaveLength(1);
		expect(await a.node.receipts()).toEqual([]);
	});

	it('votes for several voters at once, none in the way of another', async () => {
		const cluster = new Cluster();
		const held = holdProofs();
		const a = await cluster.start({ proofs: held.wrap });
		const votes = [0, 1, 2].map((index) => a.node.vote({ ...cluster.voter(index), choices: [index] }));
		await cluster.settle();
		held.release();
		await cluster.done(Promise.all(votes));
		expect(a.node.pending()).toHaveLength(3);
	});

	it('votes as it was asked to, whatever becomes of the request meanwhile', async () => {
		const cluster = new Cluster();
		const held = holdProofs();
		const a = await cluster.start({ proofs: held.wrap });
		const choices = [0];
		const voting = a.node.vote({ ...cluster.voter(0), choices });
		await cluster.settle();
		choices[0] = 2;
		held.release();
		await cluster.done(voting);
		expect(a.node.pending()).toMatchObject([{ choices: [0] }]);
	});
});

describe('preparing', () => {
	it('proves ahead, and the vote uses that proof', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const request = { ...cluster.voter(0), choices: [1] };
		a.node.prepareVote(request);
		a.node.prepareVote(request);
		await cluster.advance(SETTLE_MS);
		expect(a.statistics.proved).toBe(1);
		a.node.prepareVote(request);
		await cluster.advance(SETTLE_MS);
		await cluster.done(a.node.vote(request));
		expect(a.statistics.proved).toBe(1);
	});

	it('waits until the voter has settled on a choice', async () => {
		const cluster = new Cluster();
		const held = holdProofs();
		const a = await cluster.start({ proofs: held.wrap });
		for (const choice of [0, 1, 2, 1]) {
			a.node.prepareVote({ ...cluster.voter(0), choices: [choice] });
			await cluster.advance(SETTLE_MS - 1);
		}
		expect(held.signals).toHaveLength(0);
		await cluster.advance(1);
		expect(held.signals.map(({ aborted }) => aborted)).toEqual([false]);
		a.node.prepareVote({ ...cluster.voter(0), choices: [2] });
		await cluster.settle();
		expect(
			held.signals.map(({ aborted }) => aborted),
			'what nobody wants ends at once'
		).toEqual([true]);
	});

	it('is not waited for by who votes at once', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		const request = { ...cluster.voter(0), choices: [1] };
		a.node.prepareVote(request);
		await cluster.done(a.node.vote(request));
		await cluster.advance(SETTLE_MS);
		expect(a.statistics.proved).toBe(1);
	});

	it('makes no proof for who has voted', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		await cluster.vote(a, 0, [0]);
		a.node.prepareVote({ ...cluster.voter(0), choices: [1] });
		await cluster.advance(SETTLE_MS);
		expect(a.statistics.proved).toBe(1);
	});

	it('lets the voter be recognised while the proof is made', async () => {
		const cluster = new Cluster();
		const held = holdProofs();
		let isProving = false;
		const a = await cluster.start({
			proofs: (fake) => {
				const slow = held.wrap(fake);
				const derive = <T>(make: () => Promise<T>) => (isProving ? new Promise<T>(() => undefined) : make());
				return {
					...slow,
					commitmentOf: (key) => derive(() => fake.commitmentOf(key)),
					nullifierOf: (key) => derive(() => fake.nullifierOf(key)),
					prove: (...request) => {
						isProving = true;
						return slow.prove(...request);
					}
				};
			}
		});
		const { voterId, code } = cluster.voter(0);
		a.node.prepareVote({ voterId, code, choices: [1] });
		await cluster.advance(SETTLE_MS);
		expect(isProving).toBe(true);
		await cluster.done(a.node.checkVoter(voterId, code));
		expect(await cluster.done(a.node.voterStatus({ voterId, code }))).toMatchObject({ step: 'vote' });
	});

	it('aborts an older preparation for a newer one', async () => {
		const cluster = new Cluster();
		const held = holdProofs();
		const a = await cluster.start({ proofs: held.wrap });
		for (const choice of [0, 1, 2]) {
			a.node.prepareVote({ ...cluster.voter(0), choices: [choice] });
			await cluster.advance(SETTLE_MS);
		}
		expect(held.signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
		const voting = a.node.vote({ ...cluster.voter(0), choices: [2] });
		await cluster.settle();
		expect(held.signals).toHaveLength(3);
		// A vote is not a preparation: nothing aborts it any more.
		a.node.prepareVote({ ...cluster.voter(1), choices: [0] });
		await cluster.advance(SETTLE_MS);
		expect(held.signals[2]?.aborted).toBe(false);
		held.release();
		await cluster.done(voting);
		expect(a.node.pending()).toMatchObject([{ choices: [2] }]);
	});

	it('lets the newest win, also when checking an older one takes longer', async () => {
		const cluster = new Cluster();
		const slow = deferred<void>();
		const held = holdProofs();
		const a = await cluster.start({
			proofs: (fake) => ({
				...held.wrap(fake),
				commitmentOf: async (key) => {
					if (bytesToHex(key) === bytesToHex(credentialKeyOf(cluster.voter(0).code))) await slow.promise;
					return await fake.commitmentOf(key);
				}
			})
		});
		a.node.prepareVote({ ...cluster.voter(0), choices: [0] });
		a.node.prepareVote({ ...cluster.voter(1), choices: [1] });
		await cluster.settle();
		slow.resolve();
		await cluster.advance(SETTLE_MS);
		expect(held.signals.map(({ aborted }) => aborted)).toEqual([false]);
	});

	it('proves anew when the preparation failed', async () => {
		const cluster = new Cluster();
		let failures = 0;
		const a = await cluster.start({
			proofs: (fake) => ({
				...fake,
				prove: (...request) =>
					failures++ === 0 ? Promise.reject(new PollenError('artifact-unreachable')) : fake.prove(...request)
			})
		});
		const request = { ...cluster.voter(0), choices: [1] };
		a.node.prepareVote(request);
		await cluster.advance(SETTLE_MS);
		await cluster.done(a.node.vote(request));
		expect(failures).toBe(2);
	});

	it('is silent about whatever is wrong', async () => {
		const cluster = new Cluster();
		const a = await cluster.start();
		a.node.prepareVote({ voterId: 'NOBODY', code: '', choices: [0] });
		a.node.prepareVote({ ...cluster.voter(0), choices: [9] });
		a.node.prepareVote({} as never);
		await cluster.advance(SETTLE_MS);
		expect(a.statistics.proved).toBe(0);
	});
});

/** A prover that waits to be let go, and that stops when it is aborted. */
function holdProofs() {
	const gate = deferred<void>();
	const signals: AbortSignal[] = [];
	const wrap = (fake: Proofs): Proofs => ({
		...fake,
		async prove(key, group, message, signal): Promise<ProofStatement> {
			if (signal) signals.push(signal);
			const aborted = new Promise<never>((_, reject) => {
				signal?.addEventListener('abort', () => reject(new PollenError('aborted')));
			});
			await Promise.race([gate.promise, aborted]);
			return await fake.prove(key, group, message, signal);
		}
	});
	return { wrap, signals, release: () => gate.resolve() };
}
