import { proxy, type Remote } from 'comlink';
import type { Hash, Nullifier } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { abortable } from './abortable';
import type { LoadArtifact } from './artifacts';
import { fetchArtifacts } from './fetchArtifacts';
import { MAX_BATCH } from './maxBatch';
import { settle, type Outcome } from './outcome';
import type { CredentialKey, OpenProofs, ProofContext, ProofStatement, Proofs, SignatureStatement } from './port';
import { rememberArtifacts } from './rememberArtifacts';
import { sharesOf, type ShareLimits } from './shares';
import type { ProofsWorkerApi } from './workerApi';
import { WorkerPool } from './workerPool';
import { WorkerSlot } from './workerSlot';

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
 * Proofs computed in module workers, so that the page stays responsive and verifying goes on while a proof is made.
 * The page fetches the artifacts and keeps them for workers that are started anew.
 * @param baseUrl where the page lies: an absolute URL that ends with a slash
 */
export function workerProofs(baseUrl: string): OpenProofs {
	const load = rememberArtifacts(fetchArtifacts(baseUrl));
	return (context) => new WorkerProofs(context, load, startWorker, verifiersFor(navigator.hardwareConcurrency));
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

/** How {@link workerProofs} talks to its workers, however they are started. */
export class WorkerProofs implements Proofs {
	readonly #verifiers: WorkerPool<ProofsWorkerApi>;
	readonly #prover: WorkerSlot<ProofsWorkerApi>;
	/** The end of the line for the prover: it has one call at a time, so that aborting it hits no other. */
	#line: Promise<unknown> = Promise.resolve();
	#isClosed = false;

	/** @param verifiers how many workers verify at most; there is always one that proves */
	constructor(context: ProofContext, load: LoadArtifact, start: () => Worker, verifiers: number) {
		const slot = (): WorkerSlot<ProofsWorkerApi> =>
			new WorkerSlot(start, (remote) =>
				remote.open(
					context,
					proxy((depth, kind) => settle(() => load(depth, kind)))
				)
			);
		this.#verifiers = new WorkerPool(Array.from({ length: verifiers }, slot));
		this.#prover = slot();
	}

	verify(statements: readonly ProofStatement[], signal?: AbortSignal): Promise<boolean[]> {
		return this.#share(statements, PROOF_SHARES, (remote, share) => remote.verify(share), signal);
	}

	verifySignatures(statements: readonly SignatureStatement[], signal?: AbortSignal): Promise<boolean[]> {
		return this.#share(statements, SIGNATURE_SHARES, (remote, share) => remote.verifySignatures(share), signal);
	}

	/** By the first worker always, which keeps the trees. */
	async groupRootOf(commitments: readonly Hash[]): Promise<Hash> {
		this.#requireOpen();
		return this.#verifiers.callFirst((remote) => remote.groupRootOf(commitments));
	}

	prepare(): Promise<void> {
		return this.#inLine((remote) => remote.prepare());
	}

	commitmentOf(key: CredentialKey): Promise<Hash> {
		return this.#inLine((remote) => remote.commitmentOf(key));
	}

	nullifierOf(key: CredentialKey): Promise<Nullifier> {
		return this.#inLine((remote) => remote.nullifierOf(key));
	}

	/** A proof cannot be interrupted, so aborting it ends its worker; the next call starts another at once. */
	prove(key: CredentialKey, group: readonly Hash[], message: Hash, signal?: AbortSignal): Promise<ProofStatement> {
		return abortable(() => this.#inLine((remote) => remote.prove(key, group, message), signal), signal);
	}

	/** Pending calls, and all that come later, reject with `aborted`. */
	close(): void {
		this.#isClosed = true;
		const error = new PollenError('aborted', 'the election was closed');
		this.#verifiers.close(error);
		this.#prover.stop(error);
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
			const stop = (): void => this.#prover.stop(new PollenError('aborted'));
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
		if (this.#isClosed) throw new PollenError('aborted', 'the election was closed');
	}
}
