import { describe, expect, it, vi } from 'vitest';
import type { Hash } from '../bytes/hash';
import { sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';
import { deferred } from '../node/deferred';
import type { LoadArtifact } from './artifacts';
import { groupsWorker, type GroupsWorkerApi } from './groupsWorker';
import { KNOWN_ARTIFACTS } from './knownArtifacts';
import { nodeArtifacts } from './nodeArtifacts';
import { settle } from './outcome';
import type { CredentialKey, FetchProgress, ProofStatement } from './port';
import { proofsWorker } from './proofsWorker';
import { PROOF_VECTOR, VECTOR_CONTEXT, VECTOR_KEYS, VECTOR_STATEMENTS } from './testing/proofVector';
import { rememberArtifacts } from './rememberArtifacts';
import { ThreadlessWorker } from './testing/threadlessWorker';
import type { ProofsWorkerApi } from './workerApi';
import { WorkerProofs, verifiersFor } from './workerProofs';

// Proofs take seconds, on a busy machine many.
vi.setConfig({ testTimeout: 120_000 });

const MESSAGE = sha256Hash(utf8('a message'));
const KEY = VECTOR_KEYS[0] as CredentialKey;
const GROUP = PROOF_VECTOR.commitments;
const FIRST = VECTOR_STATEMENTS[0] as ProofStatement;

/** Where artifacts are of no use. */
const noArtifacts: LoadArtifact = async () => new Uint8Array();

function setUp(
	api: () => ProofsWorkerApi = proofsWorker,
	load: LoadArtifact = nodeArtifacts,
	groupsApi: () => GroupsWorkerApi = groupsWorker,
	verifiers = 2
) {
	const workers: ThreadlessWorker[] = [];
	const groupsWorkers: ThreadlessWorker[] = [];
	const startIn = (started: ThreadlessWorker[], apiOf: () => object) => () => {
		const worker = new ThreadlessWorker(apiOf());
		started.push(worker);
		return worker.asWorker();
	};
	const proofs = new WorkerProofs(VECTOR_CONTEXT, load, {
		start: startIn(workers, api),
		startGroups: startIn(groupsWorkers, groupsApi),
		verifiers
	});
	return { proofs, workers, groupsWorkers };
}

/** A worker whose proofs never end, but that of `wanted` when the test says so. */
function slowProver(wanted: Hash) {
	const onProve = vi.fn<(message: Hash) => void>();
	const finished = deferred<void>();
	const api = (): ProofsWorkerApi => ({
		...proofsWorker(),
		open: () => settle(() => undefined),
		commitmentOf: () => settle(() => GROUP[0] as Hash),
		nullifierOf: () => settle(() => MESSAGE),
		proveAt: (_path, _key, message) => {
			onProve(message);
			const statement = { groupRoot: message, nullifier: message, message, proof: new Uint8Array(256) };
			return message === wanted ? settle(() => finished.promise.then(() => statement)) : new Promise(() => undefined);
		}
	});
	return { api, onProve, finish: finished.resolve };
}

describe('over a worker', () => {
	it('proves, verifies and derives as inline', async () => {
		const { proofs, workers, groupsWorkers } = setUp();
		expect(workers).toHaveLength(0);
		expect(await proofs.verify(VECTOR_STATEMENTS)).toEqual(VECTOR_STATEMENTS.map(() => true));
		expect(workers).toHaveLength(1);
		expect(await proofs.commitmentOf(KEY)).toBe(PROOF_VECTOR.commitments[0]);
		expect(await proofs.nullifierOf(KEY)).toBe(PROOF_VECTOR.proofs[0]?.nullifier);
		const statement = await proofs.prove(KEY, GROUP, MESSAGE);
		expect(await proofs.verify([statement])).toEqual([true]);
		expect(await proofs.groupRootOf(GROUP)).toBe(statement.groupRoot);
		const signature = { publicKey: 'no key', message: new Uint8Array(), signature: new Uint8Array(64) };
		expect(await proofs.verifySignatures([signature])).toEqual([false]);
		expect(workers).toHaveLength(2);
		expect(groupsWorkers).toHaveLength(1);
		proofs.close();
	});

	it('keeps the codes of errors, those of the loader among them', async () => {
		const { proofs } = setUp();
		await expect(proofs.prove(new Uint8Array(32), GROUP, MESSAGE)).rejects.toMatchObject({ code: 'wrong-code' });
		proofs.close();
		const damaged = new PollenError('artifact-corrupt', 'damaged');
		const { proofs: unsound } = setUp(proofsWorker, () => Promise.reject(damaged));
		for (const attempt of [() => unsound.prove(KEY, GROUP, MESSAGE), () => unsound.prepare()]) {
			await expect(attempt()).rejects.toMatchObject({ code: 'artifact-corrupt', message: 'damaged' });
		}
		unsound.close();
	});

	it('says worker-failed when the verifier dies, and verifies with another', async () => {
		const { proofs, workers } = setUp();
		const attempt = expect(proofs.verify(VECTOR_STATEMENTS)).rejects.toMatchObject({ code: 'worker-failed' });
		workers[0]?.die('out of memory');
		await attempt;
		expect(await proofs.verify(VECTOR_STATEMENTS.slice(0, 1))).toEqual([true]);
		proofs.close();
	});
});

describe('the tree of a group', () => {
	it('keeps no other call waiting, and is made for the proof and for the root at once', async () => {
		const asked = vi.fn<(commitments: readonly Hash[]) => void>();
		const begun: (() => void)[] = [];
		const groups = groupsWorker();
		/** A worker that says nothing before it is told to. */
		const slowGroups = (): GroupsWorkerApi => ({
			rootOf: async (commitments) => {
				asked(commitments);
				await new Promise<void>((resolve) => begun.push(resolve));
				return groups.rootOf(commitments);
			},
			pathOf: groups.pathOf
		});
		const { proofs, groupsWorkers } = setUp(proofsWorker, nodeArtifacts, slowGroups);
		const root = proofs.groupRootOf(GROUP);
		expect(await proofs.verify(VECTOR_STATEMENTS)).toEqual(VECTOR_STATEMENTS.map(() => true));
		expect(await proofs.nullifierOf(KEY)).toBe(PROOF_VECTOR.proofs[0]?.nullifier);
		expect(begun).toHaveLength(1);
		begun[0]?.();
		expect(await root).toBe(PROOF_VECTOR.groupRoot);
		expect((await proofs.prove(KEY, GROUP, MESSAGE)).groupRoot).toBe(PROOF_VECTOR.groupRoot);
		expect(asked.mock.calls).toEqual([[GROUP]]);
		expect(groupsWorkers).toHaveLength(1);
		proofs.close();
	});

	it('outlives a proof that is aborted', async () => {
		const { api, onProve } = slowProver(sha256Hash());
		const { proofs, workers, groupsWorkers } = setUp(api, noArtifacts);
		const controller = new AbortController();
		const attempt = expect(proofs.prove(KEY, GROUP, MESSAGE, controller.signal)).rejects.toMatchObject({
			code: 'aborted'
		});
		await expect.poll(() => onProve).toHaveBeenCalled();
		controller.abort();
		await attempt;
		await expect.poll(() => workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false]);
		expect(groupsWorkers.map(({ isTerminated }) => isTerminated)).toEqual([false]);
		expect(await proofs.groupRootOf(GROUP)).toBe(PROOF_VECTOR.groupRoot);
		expect(groupsWorkers).toHaveLength(1);
		proofs.close();
	});

	it('is given up when the election is closed', async () => {
		const never = {
			rootOf: vi.fn(() => new Promise<never>(() => undefined)),
			pathOf: vi.fn(() => new Promise<never>(() => undefined))
		};
		const { proofs, groupsWorkers } = setUp(proofsWorker, nodeArtifacts, () => never);
		const root = expect(proofs.groupRootOf(GROUP)).rejects.toMatchObject({ code: 'aborted' });
		const proof = expect(proofs.prove(KEY, GROUP, MESSAGE)).rejects.toMatchObject({ code: 'aborted' });
		await expect.poll(() => never.rootOf).toHaveBeenCalled();
		await expect.poll(() => never.pathOf).toHaveBeenCalled();
		proofs.close();
		await root;
		await proof;
		expect(groupsWorkers.map(({ isTerminated }) => isTerminated)).toEqual([true]);
	});

	it('says worker-failed for what are no commitments, and when its worker dies', async () => {
		const { proofs, groupsWorkers } = setUp();
		await expect(proofs.groupRootOf(['x' as Hash])).rejects.toMatchObject({ code: 'worker-failed' });
		const attempt = expect(proofs.groupRootOf(GROUP)).rejects.toMatchObject({ code: 'worker-failed' });
		groupsWorkers[0]?.die('out of memory');
		await attempt;
		expect(await proofs.groupRootOf(GROUP)).toBe(PROOF_VECTOR.groupRoot);
		proofs.close();
	});
});

/** Verifiers that take their time, and accept exactly what begins with an even byte. */
function slowVerifiers(verifiers: number) {
	const begun: number[] = [];
	const finished = deferred<void>();
	const judge = (items: readonly { readonly first: number | undefined }[]) =>
		settle(async () => {
			begun.push(items.length);
			await finished.promise;
			return items.map(({ first = 1 }) => first % 2 === 0);
		});
	const api = (): ProofsWorkerApi => ({
		...proofsWorker(),
		open: () => settle(() => undefined),
		verify: (statements) => judge(statements.map(({ proof }) => ({ first: proof[0] }))),
		verifySignatures: (statements) => judge(statements.map(({ signature }) => ({ first: signature[0] })))
	});
	return { ...setUp(api, nodeArtifacts, groupsWorker, verifiers), begun, finish: finished.resolve };
}

function manyStatements(count: number) {
	const proof = (index: number) => Uint8Array.of(index % 3);
	const statements = Array.from({ length: count }, (_, index) => ({ ...FIRST, proof: proof(index) }));
	const signatures = statements.map(({ proof }) => ({ publicKey: '', message: new Uint8Array(), signature: proof }));
	return { statements, signatures, verdicts: statements.map((_, index) => (index % 3) % 2 === 0) };
}

describe('many statements', () => {
	const { statements, signatures, verdicts } = manyStatements(400);

	it('are shared among the workers, and keep their order', async () => {
		const { proofs, workers, begun, finish } = slowVerifiers(4);
		const outcome = [proofs.verify(statements), proofs.verifySignatures(signatures)];
		await expect.poll(() => begun).toEqual([50, 50, 50, 50]);
		expect(workers).toHaveLength(4);
		finish();
		expect(await Promise.all(outcome)).toEqual([verdicts, verdicts]);
		expect(begun.reduce((sum, count) => sum + count, 0)).toBe(800);
		expect(workers).toHaveLength(4);
		proofs.close();
	});

	it('are dropped when the signal fires, and the workers are there for the next', async () => {
		const { proofs, workers, begun, finish } = slowVerifiers(2);
		const controller = new AbortController();
		const attempts = [
			proofs.verify(statements, controller.signal),
			proofs.verifySignatures(signatures, controller.signal)
		];
		const outcomes = attempts.map((attempt) => expect(attempt).rejects.toMatchObject({ code: 'aborted' }));
		await expect.poll(() => begun).toHaveLength(2);
		controller.abort();
		await Promise.all(outcomes);
		finish();
		expect(await proofs.verify(statements.slice(0, 3))).toEqual([true, false, true]);
		// What was under way, and the last.
		expect(begun).toEqual([67, 67, 3]);
		await expect(proofs.verify([], controller.signal)).rejects.toMatchObject({ code: 'aborted' });
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false, false]);
		proofs.close();
	});

	it('fail when one of the workers dies, and the pool is whole again afterwards', async () => {
		const { proofs, workers, begun, finish } = slowVerifiers(2);
		const failed = expect(proofs.verify(statements)).rejects.toMatchObject({ code: 'worker-failed' });
		await expect.poll(() => begun).toHaveLength(2);
		workers[1]?.die('out of memory');
		await failed;
		finish();
		expect(await proofs.verify(statements)).toEqual(verdicts);
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false, true, false]);
		proofs.close();
	});

	it('are one share when they are few: no second worker starts for them', async () => {
		const { proofs, workers, begun, finish } = slowVerifiers(4);
		finish();
		expect(await proofs.verify(statements.slice(0, 60))).toEqual(verdicts.slice(0, 60));
		expect(await proofs.verify([])).toEqual([]);
		expect(begun).toEqual([60]);
		expect(workers).toHaveLength(1);
		proofs.close();
	});
});

describe('preparing', () => {
	it('tells how much has come, and leaves nothing to be loaded for the proof', async () => {
		const load = vi.fn(nodeArtifacts);
		const { proofs, workers } = setUp(proofsWorker, rememberArtifacts(load));
		const onProgress = vi.fn<(progress: FetchProgress) => void>();
		await proofs.prepare(onProgress);
		const { wasm, zkey } = KNOWN_ARTIFACTS[10];
		const total = wasm.byteLength + zkey.byteLength;
		expect(onProgress).toHaveBeenLastCalledWith({ loaded: total, total });
		const statement = await proofs.prove(KEY, GROUP, MESSAGE);
		expect(await proofs.verify([statement])).toEqual([true]);
		expect(load).toHaveBeenCalledTimes(2);
		expect(workers).toHaveLength(2);
		proofs.close();
	});

	it('holds up nobody while the artifacts are on their way', async () => {
		const { proofs } = setUp(slowProver(MESSAGE).api, () => new Promise(() => undefined));
		const preparing = expect(proofs.prepare()).rejects.toMatchObject({ code: 'aborted' });
		const proving = expect(proofs.prove(KEY, GROUP, MESSAGE)).rejects.toMatchObject({ code: 'aborted' });
		expect(await proofs.nullifierOf(KEY)).toBe(MESSAGE);
		proofs.close();
		await Promise.all([preparing, proving]);
	});
});

describe('verifiersFor', () => {
	it.each([
		[1, 1],
		[2, 2],
		[3, 2],
		[4, 3],
		[5, 4],
		[64, 4],
		[NaN, 1],
		[undefined, 1]
	])('with %s cores: %i', (cores, verifiers) => {
		expect(verifiersFor(cores as number)).toBe(verifiers);
	});
});

describe('aborting a proof', () => {
	const wanted = sha256Hash(utf8('wanted'));

	it('rejects promptly, ends its worker, and lets the next one begin', async () => {
		const { api, onProve, finish } = slowProver(wanted);
		finish();
		const { proofs, workers } = setUp(api, noArtifacts);
		const controller = new AbortController();
		const first = expect(proofs.prove(KEY, GROUP, MESSAGE, controller.signal)).rejects.toMatchObject({
			code: 'aborted'
		});
		const second = proofs.prove(KEY, GROUP, wanted);
		await expect.poll(() => onProve).toHaveBeenCalled();
		controller.abort();
		await first;
		expect((await second).message).toBe(wanted);
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false]);
		proofs.close();
	});

	it('hits no other call', async () => {
		const { api, onProve, finish } = slowProver(wanted);
		const { proofs, workers } = setUp(api, noArtifacts);
		const controller = new AbortController();
		const running = proofs.prove(KEY, GROUP, wanted);
		const waiting = expect(proofs.prove(KEY, GROUP, MESSAGE, controller.signal)).rejects.toMatchObject({
			code: 'aborted'
		});
		await expect.poll(() => onProve).toHaveBeenCalled();
		const after = proofs.nullifierOf(KEY);
		controller.abort();
		await waiting;
		finish();
		expect((await running).message).toBe(wanted);
		expect(await after).toBe(MESSAGE);
		expect(onProve.mock.calls).toEqual([[wanted]]);
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false]);
		proofs.close();
	});

	it('that is over changes nothing', async () => {
		const { api, finish } = slowProver(wanted);
		finish();
		const { proofs, workers } = setUp(api, noArtifacts);
		const controller = new AbortController();
		await proofs.prove(KEY, GROUP, wanted, controller.signal);
		controller.abort();
		expect(workers[0]?.isTerminated).toBe(false);
		await expect(proofs.prove(KEY, GROUP, wanted, controller.signal)).rejects.toMatchObject({ code: 'aborted' });
		proofs.close();
	});

	it('has another worker made ready, although nobody has asked for a proof yet', async () => {
		const { api, onProve } = slowProver(wanted);
		const prepare = vi.fn(() => settle(() => undefined));
		const { proofs, workers } = setUp(() => ({ ...api(), prepare }), noArtifacts);
		const controller = new AbortController();
		const proving = expect(proofs.prove(KEY, GROUP, MESSAGE, controller.signal)).rejects.toMatchObject({
			code: 'aborted'
		});
		await expect.poll(() => onProve).toHaveBeenCalled();
		expect(prepare).not.toHaveBeenCalled();
		controller.abort();
		await proving;
		await expect.poll(() => prepare).toHaveBeenCalledTimes(1);
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true, false]);
		proofs.close();
	});
});

describe('close', () => {
	it('ends the workers, and what they were doing, and starts no more', async () => {
		const { api, onProve } = slowProver(sha256Hash());
		const { proofs, workers } = setUp(api, noArtifacts);
		const pending = expect(proofs.prove(KEY, GROUP, MESSAGE)).rejects.toMatchObject({ code: 'aborted' });
		await expect.poll(() => onProve).toHaveBeenCalled();
		const queued = expect(proofs.nullifierOf(KEY)).rejects.toMatchObject({ code: 'aborted' });
		proofs.close();
		await pending;
		await queued;
		await expect(proofs.verify([])).rejects.toMatchObject({ code: 'aborted' });
		await expect(proofs.verifySignatures([])).rejects.toMatchObject({ code: 'aborted' });
		await expect(proofs.groupRootOf([])).rejects.toMatchObject({ code: 'aborted' });
		await expect(proofs.prepare()).rejects.toMatchObject({ code: 'aborted' });
		expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([true]);
	});
});
