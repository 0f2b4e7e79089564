import { generateProof, verifyProof } from '@semaphore-protocol/proof';
import { Group } from '@semaphore-protocol/group';
import { Identity } from '@semaphore-protocol/identity';
import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import type { Hash } from '../bytes/hash';
import { hashToBytes } from '../bytes/hex';
import { sha256, sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { PollenError } from '../errors/pollenError';
import type { LoadArtifact } from './artifacts';
import { bigintOfHash, hashOfBigint } from './fieldElement';
import { inlineProofs } from './inlineProofs';
import { nodeArtifacts } from './nodeArtifacts';
import { R, packCoordinates } from './testing/points';
import { PROOF_VECTOR, VECTOR_CONTEXT, VECTOR_STATEMENTS, semaphoreProofOf } from './testing/proofVector';

// Proofs take seconds, on a busy machine many.
vi.setConfig({ testTimeout: 120_000 });

const CODE = PROOF_VECTOR.proofs[4]?.code ?? '';
const MESSAGE = sha256Hash(utf8('a message'));
const proofs = inlineProofs(nodeArtifacts)(VECTOR_CONTEXT);
const { resolve } = createRequire(import.meta.url);

describe('verify', () => {
	it('accepts the golden vector and refuses it for another group or scope', async () => {
		const all = VECTOR_STATEMENTS.map(() => true);
		expect(await proofs.verify(VECTOR_STATEMENTS)).toEqual(all);
		const none = all.map(() => false);
		const others = [
			{ ...VECTOR_CONTEXT, commitments: VECTOR_CONTEXT.commitments.slice(1) },
			{ ...VECTOR_CONTEXT, scope: MESSAGE }
		];
		for (const context of others) {
			expect(await inlineProofs(nodeArtifacts)(context).verify(VECTOR_STATEMENTS)).toEqual(none);
		}
	});

	it('refuses a nullifier in a second encoding, and goes on with the rest', async () => {
		const [first, second] = VECTOR_STATEMENTS as readonly [
			(typeof VECTOR_STATEMENTS)[0],
			(typeof VECTOR_STATEMENTS)[0]
		];
		const again = { ...first, nullifier: hashOfBigint(bigintOfHash(first.nullifier) + R) };
		expect(await proofs.verify([again, first, { ...first, nullifier: 'x' as Hash }, second])).toEqual([
			false,
			true,
			false,
			true
		]);
	});
});

describe('prove', () => {
	it('makes a proof that both verifiers accept, with the nullifier foretold and fresh bytes', async () => {
		const statement = await proofs.prove(CODE, MESSAGE);
		expect(statement.message).toBe(MESSAGE);
		expect(statement.nullifier).toBe(await proofs.nullifierOf(CODE));
		expect(statement.nullifier).toBe(PROOF_VECTOR.proofs[4]?.nullifier);
		expect(statement.proof).toHaveLength(256);
		expect(statement.proof).not.toEqual(VECTOR_STATEMENTS[4]?.proof);
		expect(await verifyProof(semaphoreProofOf(statement))).toBe(true);
		expect(await proofs.verify([statement, { ...statement, message: sha256Hash(utf8('another')) }])).toEqual([
			true,
			false
		]);
	});

	it('speaks the same language as generateProof', async () => {
		const group = new Group(VECTOR_CONTEXT.commitments.map(bigintOfHash));
		const identity = new Identity(sha256(utf8('pollen/credential/v1'), utf8(CODE)));
		const theirs = await generateProof(identity, group, hashToBytes(MESSAGE), hashToBytes(VECTOR_CONTEXT.scope), 10, {
			wasm: resolve('@zk-kit/semaphore-artifacts/semaphore-10.wasm'),
			zkey: resolve('@zk-kit/semaphore-artifacts/semaphore-10.zkey')
		});
		const nullifier = hashOfBigint(BigInt(theirs.nullifier));
		expect(nullifier).toBe(await proofs.nullifierOf(CODE));
		const proof = packCoordinates(theirs.points.map(BigInt));
		expect(await proofs.verify([{ nullifier, message: MESSAGE, proof }])).toEqual([true]);
	});

	it('refuses codes of nobody in the group, before it loads anything', async () => {
		const load = vi.fn<LoadArtifact>(nodeArtifacts);
		const attempt = inlineProofs(load)(VECTOR_CONTEXT).prove('0000-0000-0000-0000', MESSAGE);
		await expect(attempt).rejects.toMatchObject({ code: 'wrong-code' });
		expect(load).not.toHaveBeenCalled();
	});

	it('rejects at once when aborted', async () => {
		const load: LoadArtifact = () => new Promise(() => undefined);
		const controller = new AbortController();
		const attempt = inlineProofs(load)(VECTOR_CONTEXT).prove(CODE, MESSAGE, controller.signal);
		controller.abort();
		await expect(attempt).rejects.toMatchObject({ code: 'aborted' });
		await expect(proofs.prove(CODE, MESSAGE, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
	});

	it('passes on what the loader says, and loads anew the next time', async () => {
		const load = vi.fn<LoadArtifact>().mockRejectedValue(new PollenError('artifact-unreachable'));
		const unlucky = inlineProofs(load)(VECTOR_CONTEXT);
		await expect(unlucky.prepare()).rejects.toMatchObject({ code: 'artifact-unreachable' });
		await expect(unlucky.prove(CODE, MESSAGE)).rejects.toMatchObject({ code: 'artifact-unreachable' });
		load.mockImplementation(nodeArtifacts);
		await expect(unlucky.prepare()).resolves.toBeUndefined();
	});

	it('says that it failed when the artifacts are not what they should be', async () => {
		const broken = inlineProofs(async () => new Uint8Array(16))(VECTOR_CONTEXT);
		await expect(broken.prove(CODE, MESSAGE)).rejects.toMatchObject({ code: 'worker-failed' });
	});
});

describe('a context', () => {
	it('must have a depth that there is a circuit for', () => {
		expect(() => inlineProofs(nodeArtifacts)({ ...VECTOR_CONTEXT, depth: 12 })).toThrow(PollenError);
	});

	it.each([16, 20])(
		'proves and verifies at depth %i',
		async (depth) => {
			const deep = inlineProofs(nodeArtifacts)({ ...VECTOR_CONTEXT, depth });
			const statement = await deep.prove(CODE, MESSAGE);
			expect(await deep.verify([statement])).toEqual([true]);
			expect(await proofs.verify([statement])).toEqual([false]);
		},
		60_000
	);
});
