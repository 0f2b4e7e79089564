import type { Hash, Nullifier } from '../bytes/hash';
import type { ProofDepth } from '../election/proofDepth';
import { signatureHolds } from '../election/signing';
import { PollenError } from '../errors/pollenError';
import { abortable } from './abortable';
import { loadArtifacts, requireDepth, type Artifacts, type LoadArtifact } from './artifacts';
import type { ProofToCheck } from './batchEquation';
import { BatchVerifier } from './batchVerify';
import { credentialOf, nullifierIn } from './credential';
import type { MembershipPath } from './group';
import { GroupTrees } from './groupTrees';
import type {
	CredentialKey,
	FetchProgress,
	OpenProofs,
	ProofContext,
	ProofStatement,
	Proofs,
	SignatureStatement
} from './port';
import { publicSignals } from './signals';

/** Proofs computed in the calling thread, which they block: in Node, and behind the workers of the page. */
export function inlineProofs(load: LoadArtifact): OpenProofs {
	return (context) => new InlineProofs(context, load);
}

/** A verifier holds nothing of one election, takes 0.3 s to open and 1.5 MB: one a depth serves all. */
const verifiers = new Map<ProofDepth, Promise<BatchVerifier>>();

export class InlineProofs implements Proofs {
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

	groupRootOf(commitments: readonly Hash[]): Promise<Hash> {
		return this.#trees.rootOf(commitments);
	}

	async prepare(onProgress?: (progress: FetchProgress) => void): Promise<void> {
		const { useSingleThread } = await import('./prove');
		await Promise.all([this.#loadArtifacts(onProgress), useSingleThread()]);
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
		const path = await this.#trees.pathOf(group, credentialOf(key).commitment);
		if (!path) throw new PollenError('wrong-code', 'the credential is not in the group');
		return await this.proveAt(path, key, message, signal);
	}

	/** Proves like `prove`, for a credential whose path in the group is known. */
	async proveAt(
		path: MembershipPath,
		key: CredentialKey,
		message: Hash,
		signal?: AbortSignal
	): Promise<ProofStatement> {
		const { secretScalar } = credentialOf(key);
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

	/** Loads them once; after a failure the next call tries again. */
	#loadArtifacts(onProgress?: (progress: FetchProgress) => void): Promise<Artifacts> {
		this.#artifacts ??= loadArtifacts(this.#load, this.#depth, onProgress).catch((error: unknown) => {
			this.#artifacts = undefined;
			throw error;
		});
		return this.#artifacts;
	}
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
