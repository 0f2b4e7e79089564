import type { Hash, Nullifier } from '../bytes/hash';
import { PROOF_DEPTHS, type ProofDepth } from '../election/proofDepth';
import { signatureHolds } from '../election/signing';
import { PollenError } from '../errors/pollenError';
import { abortable } from './abortable';
import type { Artifacts, LoadArtifact } from './artifacts';
import type { ProofToCheck } from './batchEquation';
import { BatchVerifier } from './batchVerify';
import { credentialOf, nullifierIn } from './credential';
import { hashOfBigint } from './fieldElement';
import { GroupTrees, type GroupTree } from './group';
import type { CredentialKey, OpenProofs, ProofContext, ProofStatement, Proofs, SignatureStatement } from './port';
import { publicSignals } from './signals';

/** Proofs computed in the calling thread, which they block: in Node, and behind the workers of the page. */
export function inlineProofs(load: LoadArtifact): OpenProofs {
	return (context) => new InlineProofs(context, load);
}

/** A verifier holds nothing of one election, takes 0.3 s to open and 1.5 MB: one a depth serves all. */
const verifiers = new Map<ProofDepth, Promise<BatchVerifier>>();

class InlineProofs implements Proofs {
	readonly #context: ProofContext;
	readonly #depth: ProofDepth;
	readonly #load: LoadArtifact;
	#trees = new GroupTrees();
	#artifacts: Promise<Artifacts> | undefined;

	constructor(context: ProofContext, load: LoadArtifact) {
		this.#context = context;
		this.#depth = requireDepth(context.depth);
		this.#load = load;
	}

	verify(statements: readonly ProofStatement[], signal?: AbortSignal): Promise<boolean[]> {
		return abortable(() => this.#verify(statements), signal);
	}

	verifySignatures(statements: readonly SignatureStatement[], signal?: AbortSignal): Promise<boolean[]> {
		const holds = ({ publicKey, message, signature }: SignatureStatement) =>
			signatureHolds(publicKey, message, signature);
		return abortable(async () => statements.map(holds), signal);
	}

	async groupRootOf(commitments: readonly Hash[]): Promise<Hash> {
		return hashOfBigint(this.#treeOf(commitments).root);
	}

	async prepare(): Promise<void> {
		const { useSingleThread } = await import('./prove');
		await Promise.all([this.#loadArtifacts(), useSingleThread()]);
	}

	async commitmentOf(key: CredentialKey): Promise<Hash> {
		return credentialOf(key).commitment;
	}

	async nullifierOf(key: CredentialKey): Promise<Nullifier> {
		return nullifierIn(this.#context.scope, credentialOf(key));
	}

	prove(key: CredentialKey, group: readonly Hash[], message: Hash, signal?: AbortSignal): Promise<ProofStatement> {
		return abortable(() => this.#prove(key, group, message, signal), signal);
	}

	close(): void {
		this.#trees = new GroupTrees();
		this.#artifacts = undefined;
	}

	async #verify(statements: readonly ProofStatement[]): Promise<boolean[]> {
		try {
			const verifier = await verifierFor(this.#depth);
			return verifyStatements(verifier, this.#context.scope, statements);
		} catch (cause) {
			throw new PollenError('worker-failed', 'proofs cannot be verified here', { cause });
		}
	}

	async #prove(
		key: CredentialKey,
		group: readonly Hash[],
		message: Hash,
		signal: AbortSignal | undefined
	): Promise<ProofStatement> {
		const { commitment, secretScalar } = credentialOf(key);
		const path = this.#treeOf(group).pathOf(commitment);
		if (!path) throw new PollenError('wrong-code', 'the credential is not in the group');
		const artifacts = await this.#loadArtifacts();
		const { prove } = await import('./prove');
		// What comes now cannot be interrupted.
		if (signal?.aborted) throw new PollenError('aborted');
		try {
			return await prove({ secretScalar, path, depth: this.#depth, scope: this.#context.scope, message }, artifacts);
		} catch (cause) {
			throw new PollenError('worker-failed', 'the proof cannot be made', { cause });
		}
	}

	#treeOf(commitments: readonly Hash[]): GroupTree {
		try {
			return this.#trees.treeOf(commitments);
		} catch (cause) {
			throw new PollenError('worker-failed', 'these commitments make no group', { cause });
		}
	}

	/** Loads them once; after a failure the next call tries again. */
	#loadArtifacts(): Promise<Artifacts> {
		this.#artifacts ??= Promise.all([this.#load(this.#depth, 'wasm'), this.#load(this.#depth, 'zkey')]).then(
			([wasm, zkey]) => ({ wasm, zkey }),
			(error: unknown) => {
				this.#artifacts = undefined;
				throw error;
			}
		);
		return this.#artifacts;
	}
}

function requireDepth(depth: number): ProofDepth {
	const known = PROOF_DEPTHS.find((candidate) => candidate === depth);
	if (known === undefined) throw new PollenError('bad-definition', `there is no circuit of depth ${depth}`);
	return known;
}

function verifierFor(depth: ProofDepth): Promise<BatchVerifier> {
	const known = verifiers.get(depth);
	if (known) return known;
	const opening = BatchVerifier.open(depth);
	verifiers.set(depth, opening);
	opening.catch(() => verifiers.delete(depth));
	return opening;
}

/** Statements that claim nothing well-formed are refused at once, and the rest verified as batches. */
function verifyStatements(verifier: BatchVerifier, scope: Hash, statements: readonly ProofStatement[]): boolean[] {
	const checks = statements.map((statement): ProofToCheck | undefined => {
		const signals = publicSignals(scope, statement);
		return signals && { signals, proof: statement.proof };
	});
	const verdicts = verifier.verify(checks.filter((check) => check !== undefined));
	let next = 0;
	return checks.map((check) => check !== undefined && verdicts[next++] === true);
}
