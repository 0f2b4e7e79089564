import { ed25519 } from '@noble/curves/ed25519.js';
import { generateProof, verifyProof } from '@semaphore-protocol/proof';
import { Group } from '@semaphore-protocol/group';
import { Identity } from '@semaphore-protocol/identity';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import type { Hash } from '../bytes/hash';
import { bytesToHex, hashToBytes } from '../bytes/hex';
import { sha256, sha256Hash } from '../bytes/sha256';
import { utf8 } from '../bytes/text';
import { publicKeyOf } from '../election/signing';
import { PollenError } from '../errors/pollenError';
import type { LoadArtifact } from './artifacts';
import { bigintOfHash, hashOfBigint } from './fieldElement';
import { inlineProofs } from './inlineProofs';
import { nodeArtifacts } from './nodeArtifacts';
import type { CredentialKey, SignatureStatement } from './port';
import { R, packCoordinates } from './testing/points';
import { PROOF_VECTOR, VECTOR_CONTEXT, VECTOR_KEYS, VECTOR_STATEMENTS, semaphoreProofOf } from './testing/proofVector';

// Proofs take seconds, on a busy machine many.
vi.setConfig({ testTimeout: 120_000 });

const KEY = VECTOR_KEYS[4] as CredentialKey;
const GROUP = PROOF_VECTOR.commitments;
const MESSAGE = sha256Hash(utf8('a message'));
const proofs = inlineProofs(nodeArtifacts)(VECTOR_CONTEXT);
const { resolve } = createRequire(import.meta.url);

describe('verify', () => {
	it('accepts the golden vector and refuses it for another group or scope', async () => {
		const all = VECTOR_STATEMENTS.map(() => true);
		expect(await proofs.verify(VECTOR_STATEMENTS)).toEqual(all);
		const none = all.map(() => false);
		const ofAnotherGroup = VECTOR_STATEMENTS.map((statement) => ({ ...statement, groupRoot: GROUP[0] as Hash }));
		expect(await proofs.verify(ofAnotherGroup)).toEqual(none);
		const ofAnotherScope = inlineProofs(nodeArtifacts)({ ...VECTOR_CONTEXT, scope: MESSAGE });
		expect(await ofAnotherScope.verify(VECTOR_STATEMENTS)).toEqual(none);
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

	it('refuses a group root that is not written as a field element, and goes on with the rest', async () => {
		const [statement] = VECTOR_STATEMENTS as readonly [(typeof VECTOR_STATEMENTS)[0]];
		const root = bigintOfHash(statement.groupRoot);
		const spellings = [hashOfBigint(root + R), statement.groupRoot.toUpperCase(), '', 'x', undefined] as Hash[];
		const suspects = spellings.map((groupRoot) => ({ ...statement, groupRoot }));
		expect(await proofs.verify([...suspects, statement])).toEqual([...suspects.map(() => false), true]);
	});
});

describe('a signal', () => {
	it('that fired keeps anything from being verified', async () => {
		const aborted = { code: 'aborted' };
		await expect(proofs.verify(VECTOR_STATEMENTS, AbortSignal.abort())).rejects.toMatchObject(aborted);
		await expect(proofs.verifySignatures([], AbortSignal.abort())).rejects.toMatchObject(aborted);
		expect(await proofs.verify(VECTOR_STATEMENTS.slice(1), new AbortController().signal)).not.toContain(false);
	});
});

describe('verifySignatures', () => {
	const secretKey = sha256(utf8('a secret key'));
	const message = utf8('a message');
	const good: SignatureStatement = {
		publicKey: publicKeyOf(secretKey),
		message,
		signature: ed25519.sign(message, secretKey)
	};

	it('gives every signature its own verdict', async () => {
		const bad: SignatureStatement[] = [
			{ ...good, message: utf8('another message') },
			{ ...good, publicKey: publicKeyOf(sha256(utf8('another key'))) },
			{ ...good, signature: good.signature.with(0, (good.signature[0] ?? 0) ^ 1) },
			{ ...good, signature: good.signature.subarray(1) },
			{ ...good, signature: new Uint8Array() },
			{ ...good, publicKey: '' },
			{ ...good, publicKey: 'no key' },
			{ ...good, publicKey: good.publicKey.toUpperCase() },
			{ ...good, publicKey: 'ff'.repeat(32) }
		];
		expect(await proofs.verifySignatures([good, ...bad, good])).toEqual([true, ...bad.map(() => false), true]);
		expect(await proofs.verifySignatures([])).toEqual([]);
	});

	it('is strict: a key of small order has signed nothing', async () => {
		// The neutral element as key and R, and 0 as s: ZIP 215 takes it for everybody's signature of everything.
		const neutral = new Uint8Array(32).with(0, 1);
		const signature = new Uint8Array(64).with(0, 1);
		expect(ed25519.verify(signature, message, neutral, { zip215: true })).toBe(true);
		expect(await proofs.verifySignatures([{ publicKey: bytesToHex(neutral), message, signature }])).toEqual([false]);
	});
});

describe('groupRootOf', () => {
	it('is the root of the vector, and another in another order', async () => {
		expect(await proofs.groupRootOf(GROUP)).toBe(PROOF_VECTOR.groupRoot);
		expect(await proofs.groupRootOf(GROUP.toReversed())).not.toBe(PROOF_VECTOR.groupRoot);
	});

	it('is that of Semaphore for any group', async () => {
		const anyMember = fc.bigInt({ min: 1n, max: R - 1n });
		await fc.assert(
			fc.asyncProperty(fc.uniqueArray(anyMember, { minLength: 1, maxLength: 20 }), async (members) => {
				expect(await proofs.groupRootOf(members.map(hashOfBigint))).toBe(hashOfBigint(new Group(members).root));
			}),
			{ numRuns: 20 }
		);
	});

	it('is zero for nobody, as in Semaphore', async () => {
		expect(await proofs.groupRootOf([])).toBe(hashOfBigint(0n));
	});

	it('says worker-failed for what are no commitments', async () => {
		await expect(proofs.groupRootOf(['x' as Hash])).rejects.toMatchObject({ code: 'worker-failed' });
	});
});

describe('prove', () => {
	it('makes a proof that both verifiers accept, with the nullifier foretold and fresh bytes', async () => {
		const statement = await proofs.prove(KEY, GROUP, MESSAGE);
		expect(statement.message).toBe(MESSAGE);
		expect(statement.groupRoot).toBe(PROOF_VECTOR.groupRoot);
		expect(statement.nullifier).toBe(await proofs.nullifierOf(KEY));
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
		const group = new Group(GROUP.map(bigintOfHash));
		const identity = new Identity(KEY);
		const theirs = await generateProof(identity, group, hashToBytes(MESSAGE), hashToBytes(VECTOR_CONTEXT.scope), 10, {
			wasm: resolve('@zk-kit/semaphore-artifacts/semaphore-10.wasm'),
			zkey: resolve('@zk-kit/semaphore-artifacts/semaphore-10.zkey')
		});
		const nullifier = hashOfBigint(BigInt(theirs.nullifier));
		expect(nullifier).toBe(await proofs.nullifierOf(KEY));
		const groupRoot = hashOfBigint(BigInt(theirs.merkleTreeRoot));
		const proof = packCoordinates(theirs.points.map(BigInt));
		expect(await proofs.verify([{ groupRoot, nullifier, message: MESSAGE, proof }])).toEqual([true]);
	});

	it('proves for whatever group it is given', async () => {
		const group = GROUP.slice(2, 7);
		const statement = await proofs.prove(KEY, group, MESSAGE);
		expect(statement.groupRoot).toBe(await proofs.groupRootOf(group));
		expect(statement.nullifier).toBe(PROOF_VECTOR.proofs[4]?.nullifier);
		const elsewhere = { ...statement, groupRoot: PROOF_VECTOR.groupRoot };
		expect(await proofs.verify([statement, elsewhere])).toEqual([true, false]);
		await expect(proofs.prove(KEY, GROUP.slice(5), MESSAGE)).rejects.toMatchObject({ code: 'wrong-code' });
	});

	it('refuses credentials that are not in the group, before it loads anything', async () => {
		const load = vi.fn<LoadArtifact>(nodeArtifacts);
		const attempt = inlineProofs(load)(VECTOR_CONTEXT).prove(new Uint8Array(32), GROUP, MESSAGE);
		await expect(attempt).rejects.toMatchObject({ code: 'wrong-code' });
		expect(load).not.toHaveBeenCalled();
	});

	it('rejects at once when aborted', async () => {
		const load: LoadArtifact = () => new Promise(() => undefined);
		const controller = new AbortController();
		const attempt = inlineProofs(load)(VECTOR_CONTEXT).prove(KEY, GROUP, MESSAGE, controller.signal);
		controller.abort();
		await expect(attempt).rejects.toMatchObject({ code: 'aborted' });
		await expect(proofs.prove(KEY, GROUP, MESSAGE, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
	});

	it('passes on what the loader says, and loads anew the next time', async () => {
		const load = vi.fn<LoadArtifact>().mockRejectedValue(new PollenError('artifact-unreachable'));
		const unlucky = inlineProofs(load)(VECTOR_CONTEXT);
		await expect(unlucky.prepare()).rejects.toMatchObject({ code: 'artifact-unreachable' });
		await expect(unlucky.prove(KEY, GROUP, MESSAGE)).rejects.toMatchObject({ code: 'artifact-unreachable' });
		load.mockImplementation(nodeArtifacts);
		await expect(unlucky.prepare()).resolves.toBeUndefined();
	});

	it('says that it failed when the artifacts are not what they should be', async () => {
		const broken = inlineProofs(async () => new Uint8Array(16))(VECTOR_CONTEXT);
		await expect(broken.prove(KEY, GROUP, MESSAGE)).rejects.toMatchObject({ code: 'worker-failed' });
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
			const statement = await deep.prove(KEY, GROUP, MESSAGE);
			expect(await deep.verify([statement])).toEqual([true]);
			expect(await proofs.verify([statement])).toEqual([false]);
		},
		60_000
	);
});
