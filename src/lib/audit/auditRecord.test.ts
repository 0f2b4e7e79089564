import { beforeAll, describe, expect, it } from 'vitest';
import { fakeCommitment, fakeGroupRoot, fakeProofs, noStatistics } from '../../../tests/support/fakeProofs';
import { utf8 } from '../bytes/text';
import { meetsTarget } from '../chain/work';
import { encodeHeader } from '../chain/header';
import { blockToJson } from '../election/json';
import type { Transaction } from '../election/transaction';
import { PollenError } from '../errors/pollenError';
import { proofContextOf } from './proofContext';
import { CHECKS, type AuditProgress } from './report';
import { auditWithFakes, failuresOf } from './testing/auditWithFakes';
import {
	BLOCK_INTERVAL_MS,
	SampleChain,
	START_MS,
	enrolmentChain,
	enrolmentSample,
	instantWorkSync,
	issuedRecord,
	type EnrolmentSample
} from './testing/sampleRecord';

let sample: EnrolmentSample;

beforeAll(async () => {
	sample = await enrolmentSample(fakeProofs());
});

/** The opening in block 1, with all that comes before it. */
function openChain(): SampleChain {
	const chain = new SampleChain(sample.election);
	chain.mine([...sample.enrolments, chain.opening(sample.commitments, sample.groupRoot)]);
	return chain;
}

async function failuresOn(chain: SampleChain): Promise<string[]> {
	return failuresOf(await auditWithFakes(chain.record()));
}

describe('the audit of a record that holds', () => {
	it('passes every check of an election with enrolment, and counts what it checked', async () => {
		const chain = enrolmentChain(sample);
		const report = await auditWithFakes(chain.record());
		expect(report).toMatchObject({ valid: true, blocks: 8, isClosed: true, otherClosings: [] });
		expect(report.checks.map(({ check, count, wrong }) => [check, count, wrong])).toEqual([
			['election-id', 1, 0],
			['links', 8, 0],
			['work', 7, 0],
			['difficulty', 7, 0],
			['merkle-roots', 8, 0],
			['signatures', 5, 0],
			['proofs', 3, 0],
			['nullifiers', 3, 0],
			['phases', 8, 0],
			['tally', 15, 0]
		]);
		expect(report.results.contests.map(({ options }) => options.map(({ votes }) => votes))).toEqual([
			[2, 0, 1],
			[1, 1]
		]);
		expect(report.results).toMatchObject({ ballots: 3, eligible: 4, enrolled: 3 });
	});

	it('passes one with issued codes, and one without any block', async () => {
		const record = await issuedRecord(fakeProofs());
		expect(await auditWithFakes(record)).toMatchObject({ valid: true, blocks: 3, isClosed: false });
		expect(await auditWithFakes(new SampleChain(record.election).record())).toMatchObject({ valid: true, blocks: 1 });
		expect(await auditWithFakes(new SampleChain(sample.election).record())).toMatchObject({ valid: true, blocks: 1 });
	});

	it('asks for every proof, signature and root itself', async () => {
		const statistics = noStatistics();
		const record = enrolmentChain(sample).record();
		await auditWithFakes(record, { verifier: fakeProofs(statistics)(proofContextOf(record)) });
		expect(statistics).toMatchObject({ verified: 3, signatures: 5, groups: 1 });
	});

	it('counts late ballots for nothing', async () => {
		const chain = openChain();
		chain.mine(sample.ballots.slice(0, 2));
		chain.mine(sample.ballots.slice(2));
		chain.mine([chain.closing(2)]);
		const report = await auditWithFakes(chain.record());
		expect(report).toMatchObject({ valid: true, isClosed: true, results: { ballots: 2 } });
	});

	it('shows a signed closing that contradicts the one on the chain, and not one that says the same', async () => {
		const chain = enrolmentChain(sample);
		const other = chain.closing(5);
		const report = await auditWithFakes(chain.record([other, chain.closing(6)]));
		expect(report.valid).toBe(true);
		expect(report.otherClosings).toMatchObject([{ kind: 'closing', height: 5, blockHash: other.blockHash }]);
	});
});

describe('the audit of a chain that was mined with something wrong on it', () => {
	it('finds a ballot before the opening', async () => {
		const chain = new SampleChain(sample.election);
		chain.mine([...sample.enrolments, sample.ballots[0]!]);
		chain.mine([chain.opening(sample.commitments, sample.groupRoot)]);
		expect(await failuresOn(chain)).toEqual(['phases@1 poll-not-open']);
	});

	it('finds a ballot after the closing', async () => {
		const chain = openChain();
		chain.mine([chain.closing(1)]);
		chain.mine([sample.ballots[0]!]);
		expect(await failuresOn(chain)).toEqual(['phases@3 poll-closed']);
	});

	it('finds two ballots of one credential, of which the first counts', async () => {
		const chain = openChain();
		chain.mine([sample.ballots[0]!]);
		chain.mine([sample.ballots[1]!, sample.ballots[0]!]);
		const report = await auditWithFakes(chain.record());
		expect(failuresOf(report)).toEqual(['nullifiers@3 duplicate-nullifier']);
		expect(report.results.ballots).toBe(2);
	});

	it('finds a ballot whose proof does not hold, names it, and does not count it', async () => {
		const chain = openChain();
		const forged = { ...sample.ballots[1]!, choices: [1, 0] };
		chain.mine([sample.ballots[0]!, forged]);
		const record = chain.record();
		const report = await auditWithFakes(record);
		expect(failuresOf(report)).toEqual(['proofs@2 bad-proof', 'tally bad-record']);
		expect(report.checks.find(({ check }) => check === 'proofs')).toMatchObject({
			count: 2,
			wrong: 1,
			problem: { transactionId: record.blocks[2]!.transactions[1]!.id, blockHash: chain.tip.hash }
		});
		expect(report.results.ballots).toBe(1);
	});

	it('finds an opening for another group than those enrolled', async () => {
		const chain = new SampleChain(sample.election);
		const foisted = [...sample.commitments.slice(1), fakeCommitment(utf8('foisted'))].sort();
		chain.mine([...sample.enrolments, chain.opening(foisted, fakeGroupRoot(foisted))]);
		expect(await failuresOn(chain)).toEqual(['phases@1 bad-group']);
	});

	it('goes by the opening that holds, when there is a wrong one before it', async () => {
		const chain = new SampleChain(sample.election);
		const wrong = chain.opening(sample.commitments, fakeGroupRoot([]));
		chain.mine([...sample.enrolments, wrong, chain.opening(sample.commitments, sample.groupRoot)]);
		chain.mine(sample.ballots);
		// The record's own tally takes every root as right, so that its ballots are counted all the same.
		expect(failuresOf(await auditWithFakes(chain.record()))).toEqual(['phases@1 bad-group']);
	});

	it.each<readonly [string, (chain: SampleChain) => Transaction, string]>([
		['an enrolment after the opening', () => sample.enrolments[0]!, 'phases@2 enrolment-closed'],
		['a second opening', (chain) => chain.opening(sample.commitments, sample.groupRoot), 'phases@2 already-open'],
		[
			'a closing that names a block of another chain',
			() => {
				const fork = openChain();
				fork.mine([], { timestamp: START_MS + 10 * BLOCK_INTERVAL_MS });
				return fork.closing(2);
			},
			'phases@2 unknown-block'
		]
	])('finds %s', async (_, transaction, failure) => {
		const chain = openChain();
		chain.mine([transaction(chain)]);
		expect(await failuresOn(chain)).toEqual([failure]);
	});

	it('finds a voter who enrolled twice', async () => {
		const chain = new SampleChain(sample.election);
		chain.mine(sample.enrolments);
		chain.mine([sample.enrolments[1]!]);
		expect(await failuresOn(chain)).toEqual(['phases@2 already-enrolled']);
	});

	it.each([
		['is not after its parent', { timestamp: START_MS + BLOCK_INTERVAL_MS }, 'difficulty@2 bad-time'],
		['is in the future', { timestamp: START_MS + 86_400_000 + 60_001 }, 'difficulty@2 future-time'],
		['is mined for too easy a target', { target: 2n ** 255n }, 'difficulty@2 bad-target']
	])('finds a block that %s', async (_, changes, failure) => {
		const chain = openChain();
		chain.mine([], changes);
		expect(await failuresOn(chain)).toEqual([failure]);
	});

	it('finds a block without enough work', async () => {
		const chain = new SampleChain({ ...sample.election, initialDifficulty: 1_000 });
		chain.mine([]);
		const { header } = chain.tip.block;
		let nonce = 0n;
		while (meetsTarget(instantWorkSync(encodeHeader({ ...header, nonce })), header.target)) nonce++;
		const idle = { ...header, nonce };
		const hash = instantWorkSync(encodeHeader(idle));
		const record = chain.record();
		const blocks = [record.blocks[0]!, blockToJson({ header: idle, transactions: [] }, hash)];
		expect(failuresOf(await auditWithFakes({ ...record, blocks }))).toEqual(['work@1 bad-work']);
	});

	it('goes on after a problem, and counts all of a kind', async () => {
		const chain = openChain();
		chain.mine(sample.ballots.map((ballot) => ({ ...ballot, choices: [1, 1] })));
		chain.mine([sample.enrolments[0]!, sample.enrolments[1]!]);
		const { checks, valid } = await auditWithFakes(chain.record());
		expect(valid).toBe(false);
		expect(checks.find(({ check }) => check === 'proofs')).toMatchObject({
			count: 3,
			wrong: 3,
			problem: { height: 2 }
		});
		expect(checks.find(({ check }) => check === 'phases')).toMatchObject({ wrong: 2, problem: { height: 3 } });
	});
});

describe('while the audit runs', () => {
	/** Hashing takes as long as it does for some hundred blocks. */
	const slowHash = (header: Uint8Array) => {
		const end = performance.now() + 10;
		while (performance.now() < end);
		return Promise.resolve(instantWorkSync(header));
	};

	function longChain(): SampleChain {
		const chain = openChain();
		for (let i = 0; i < 30; i++) chain.mine([]);
		return chain;
	}

	it('tells how far it is, in order, and lets others have their turn', async () => {
		const told: AuditProgress[] = [];
		let turns = 0;
		const timer = setInterval(() => turns++, 1);
		const record = longChain().record();
		await auditWithFakes(record, { workHash: slowHash }, { onProgress: (progress) => told.push(progress) });
		clearInterval(timer);
		expect(turns).toBeGreaterThan(2);
		expect([...new Set(told.map(({ check }) => check))]).toEqual(CHECKS);
		for (const { check, done, total, finished } of told) {
			expect(done).toBeLessThanOrEqual(total);
			expect(finished.map((result) => result.check)).toEqual(CHECKS.slice(0, CHECKS.indexOf(check)));
		}
		const hashed = told.filter(({ check }) => check === 'links').map(({ done }) => done);
		expect(hashed.length).toBeGreaterThan(3);
		expect(hashed).toEqual([...hashed].sort((a, b) => a - b));
	});

	it('stops when it is told to', async () => {
		const controller = new AbortController();
		const checks: string[] = [];
		const audit = auditWithFakes(
			longChain().record(),
			{ workHash: slowHash },
			{
				signal: controller.signal,
				onProgress({ check, done }) {
					checks.push(check);
					if (check === 'links' && done > 0) controller.abort();
				}
			}
		);
		await expect(audit).rejects.toMatchObject({ code: 'aborted' });
		expect(checks.at(-1)).toBe('links');
		const stopped = auditWithFakes(longChain().record(), {}, { signal: AbortSignal.abort() });
		await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
	});

	it('stops at once while proofs or signatures are verified, and lets the verifier know', async () => {
		const record = enrolmentChain(sample).record();
		const fakes = fakeProofs()(proofContextOf(record));
		for (const name of ['verify', 'verifySignatures'] as const) {
			const controller = new AbortController();
			const signals: (AbortSignal | undefined)[] = [];
			const endless = (_: unknown, signal?: AbortSignal): Promise<boolean[]> => {
				signals.push(signal);
				queueMicrotask(() => controller.abort());
				return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new PollenError('aborted'))));
			};
			const audit = auditWithFakes(record, { verifier: { ...fakes, [name]: endless } }, { signal: controller.signal });
			await expect(audit).rejects.toMatchObject({ code: 'aborted' });
			expect(signals).toEqual([controller.signal]);
		}
	});

	it('rejects, rather than blame the record, when this device fails', async () => {
		const record = enrolmentChain(sample).record();
		const fakes = fakeProofs()(proofContextOf(record));
		const broken = () => Promise.reject(new PollenError('worker-failed'));
		for (const fault of [{ verify: broken }, { verifySignatures: broken }, { groupRootOf: broken }]) {
			const audit = auditWithFakes(record, { verifier: { ...fakes, ...fault } });
			await expect(audit).rejects.toMatchObject({ code: 'worker-failed' });
		}
		const unhashable = auditWithFakes(record, { workHash: () => Promise.reject(new TypeError('no WebCrypto')) });
		await expect(unhashable).rejects.toThrow(TypeError);
	});

	it('rejects what is no record', async () => {
		const record = enrolmentChain(sample).record();
		await expect(auditWithFakes({ ...record, blocks: [] })).rejects.toMatchObject({ code: 'bad-record' });
		const blocks = record.blocks.with(3, { ...record.blocks[3]!, nonce: 'x' });
		await expect(auditWithFakes({ ...record, blocks })).rejects.toMatchObject({ code: 'bad-record' });
	});
});
