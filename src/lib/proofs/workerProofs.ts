import { proxy, type Remote } from 'comlink';
import type { Hash, Nullifier } from '../bytes/hash';
import { PROOF_DEPTHS } from '../election/proofDepth';
import { PollenError } from '../errors/pollenError';
import { abortable } from './abortable';
import { ARTIFACT_KINDS, loadArtifacts, requireDepth, type LoadArtifact } from './artifacts';
import { storedByteCache } from './byteCache';
import { fetchArtifacts } from './fetchArtifacts';
import type { GroupsWorkerApi } from './groupsWorker';
import { MAX_BATCH } from './maxBatch';
import { settle, type Outcome } from './outcome';
import type {
	CredentialKey,
	FetchProgress,
	OpenProofs,
	ProofContext,
	ProofStatement,
	Proofs,
	SignatureStatement
} from './port';
import { rememberArtifacts } from './rememberArtifacts';
import { sharesOf, type ShareLimits } from './shares';
import type { ProofsWorkerApi } from './workerApi';
import { WorkerPool } from './workerPool';
import { WorkerSlot } from './workerSlot';

/** Room for the artifacts of all depths; those of an earlier version of the page go when it is needed. */
const KEPT_ARTIFACTS = PROOF_DEPTHS.length * ARTIFACT_KINDS.length;

/**
 * With a third of a batch, what proofs share in it is an eighth of the work. To a worker that has to be started first,
 * which takes 0.3 s, nothing smaller is worth while.
 */
const PROOF_SHARES: ShareLimits = { min: 32, max: MAX_BATCH };
/** Signatures share nothing; a larger share would only be longer in the way of what comes after. */
const SIGNATURE_SHARES: ShareLimits = { min: 32, max: 64 };

/** Four verify some thousands of ballots a second, more than a link brings, and each takes some 17 MB. */
const MAX_VERIFIERS = 4;

/**
 * Proofs computed in module workers, so that the page stays responsive and verifying goes on while a proof is made, or the
 * tree of a large group. The page fetches the artifacts and keeps them for workers that are started anew.
 * @param baseUrl where the page lies: an absolute URL that ends with a slash
 */
export function workerProofs(baseUrl: string): OpenProofs {
	const load = rememberArtifacts(fetchArtifacts(baseUrl, storedByteCache('pollen-artifacts', KEPT_ARTIFACTS)));
	const verifiers = verifiersFor(navigator.hardwareConcurrency);
	return (context) =>
		new WorkerProofs(context, load, { start: startWorker, startGroups: startGroupsWorker, verifiers });
}

/**
 * How many workers verify on a device with so many cores. Two have all of two cores: while a tab verifies much, its page
 * mostly waits and its miner is seldom at work. Of more cores, one is left to them.
 */
export function verifiersFor(cores: number): number {
	if (!(cores >= 2)) return 1;
	return Math.min(Math.max(2, cores - 1), MAX_VERIFIERS);
}

function startWorker(): Worker {
	return new Worker(new URL('./proofs.worker.ts', import.meta.url), { type: 'module', name: 'proofs' });
}

function startGroupsWorker(): Worker {
	return new Worker(new URL('./groups.worker.ts', import.meta.url), { type: 'module', name: 'groups' });
}

/** How the workers are started, and how many verify at most; there is always one that proves, and one that hashes groups. */
export interface Workers {
	readonly start: () => Worker;
	readonly startGroups: () => Worker;
	readonly verifiers: number;
}

/** How {@link workerProofs} talks to its workers, however they are started. */
export class WorkerProofs implements Proofs {
	readonly #verifiers: WorkerPool<ProofsWorkerApi>;
	readonly #prover: WorkerSlot<ProofsWorkerApi>;
	/** Has the trees for both: it is not ended with a proof that is aborted, and nothing waits behind it but who needs a tree. */
	readonly #groups: WorkerSlot<GroupsWorkerApi>;
	/** The end of the line for the prover: it has one call at a time, so that aborting it hits no other. */
	#line: Promise<unknown> = Promise.resolve();
	readonly #closing = new AbortController();

	constructor(
		private readonly context: ProofContext,
		private readonly load: LoadArtifact,
		{ start, startGroups, verifiers }: Workers
	) {
		const slot = (): WorkerSlot<ProofsWorkerApi> =>
			new WorkerSlot(start, (remote) =>
				remote.open(
					context,
					proxy((depth, kind) => settle(() => load(depth, kind)))
				)
			);
		this.#verifiers = new WorkerPool(Array.from({ length: verifiers }, slot));
		this.#prover = slot();
		this.#groups = new WorkerSlot(startGroups, () => settle(() => undefined));
	}

	verify(statements: readonly ProofStatement[], signal?: AbortSignal): Promise<boolean[]> {
		return this.#share(statements, PROOF_SHARES, (remote, share) => remote.verify(share), signal);
	}

	verifySignatures(statements: readonly SignatureStatement[], signal?: AbortSignal): Promise<boolean[]> {
		return this.#share(statements, SIGNATURE_SHARES, (remote, share) => remote.verifySignatures(share), signal);
	}

	async groupRootOf(commitments: readonly Hash[]): Promise<Hash> {
		this.#requireOpen();
		return this.#groups.call((remote) => remote.rootOf(commitments));
	}

	async prepare(onProgress?: (progress: FetchProgress) => void): Promise<void> {
		this.#requireOpen();
		await this.#fetch(onProgress);
		// Whoever casts a ballot verifies it first, as everybody will.
		await Promise.all([
			this.#inLine((remote) => remote.prepare()),
			this.#verifiers.call((remote) => remote.verify([]))
		]);
	}

	commitmentOf(key: CredentialKey): Promise<Hash> {
		return this.#inLine((remote) => remote.commitmentOf(key));
	}

	nullifierOf(key: CredentialKey): Promise<Nullifier> {
		return this.#inLine((remote) => remote.nullifierOf(key));
	}

	/** A proof cannot be interrupted, so aborting it ends its worker; another is made ready at once for the next proof. */
	prove(key: CredentialKey, group: readonly Hash[], message: Hash, signal?: AbortSignal): Promise<ProofStatement> {
		return abortable(() => this.#prove(key, group, message, signal), signal);
	}

	/** Pending calls, and all that come later, reject with `aborted`. */
	close(): void {
		this.#closing.abort();
		const error = new PollenError('aborted', 'the election was closed');
		this.#verifiers.close(error);
		this.#prover.stop(error);
		this.#groups.stop(error);
	}

	async #prove(
		key: CredentialKey,
		group: readonly Hash[],
		message: Hash,
		signal: AbortSignal | undefined
	): Promise<ProofStatement> {
		const fetching = this.#fetch();
		// It may fail while nobody waits for it yet.
		fetching.catch(() => undefined);
		const commitment = await this.commitmentOf(key);
		this.#requireOpen();
		const path = await this.#groups.call((remote) => remote.pathOf(group, commitment));
		if (!path) throw new PollenError('wrong-code', 'the credential is not in the group');
		await fetching;
		return await this.#inLine((remote) => remote.proveAt(path, key, message), signal);
	}

	/** Before what needs it stands in line, where it would hold up those who only want to know who somebody is. */
	async #fetch(onProgress?: (progress: FetchProgress) => void): Promise<void> {
		const fetch = () => loadArtifacts(this.load, requireDepth(this.context.depth), onProgress);
		await abortable(fetch, this.#closing.signal);
	}

	/** The verdicts in the order of the statements, whichever worker gave them. */
	async #share<S>(
		statements: readonly S[],
		limits: ShareLimits,
		run: (remote: Remote<ProofsWorkerApi>, share: readonly S[]) => Promise<Outcome<boolean[]>>,
		signal: AbortSignal | undefined
	): Promise<boolean[]> {
		this.#requireOpen();
		return abortable(async () => {
			const shares = sharesOf(statements, this.#verifiers.size, limits);
			const verdicts = shares.map((share) => this.#verifiers.call((remote) => run(remote, share), signal));
			return (await Promise.all(verdicts)).flat();
		}, signal);
	}

	#inLine<T>(
		run: (remote: Remote<ProofsWorkerApi>) => Promise<Outcome<T>>,
		signal: AbortSignal | undefined = undefined
	): Promise<T> {
		const turn = this.#line.then(async () => {
			this.#requireOpen();
			if (signal?.aborted) throw new PollenError('aborted');
			const stop = (): void => {
				this.#prover.stop(new PollenError('aborted'));
				this.#inLine((remote) => remote.prepare()).catch(() => undefined);
			};
			signal?.addEventListener('abort', stop, { once: true });
			try {
				return await this.#prover.call(run);
			} finally {
				signal?.removeEventListener('abort', stop);
			}
		});
		this.#line = turn.catch(() => undefined);
		return turn;
	}

	#requireOpen(): void {
		if (this.#closing.signal.aborted) throw new PollenError('aborted', 'the election was closed');
	}
}
