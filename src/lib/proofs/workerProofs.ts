import { proxy, type Remote } from 'comlink';
import type { Hash, Nullifier } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { abortable } from './abortable';
import type { LoadArtifact } from './artifacts';
import { fetchArtifacts } from './fetchArtifacts';
import { settle, type Outcome } from './outcome';
import type { CredentialKey, OpenProofs, ProofContext, ProofStatement, Proofs, SignatureStatement } from './port';
import { rememberArtifacts } from './rememberArtifacts';
import type { ProofsWorkerApi } from './workerApi';
import { WorkerSlot } from './workerSlot';

/**
 * Proofs computed in two module workers, so that the page stays responsive and verifying goes on while a proof is made.
 * The page fetches the artifacts and keeps them for workers that are started anew.
 * @param baseUrl where the page lies: an absolute URL that ends with a slash
 */
export function workerProofs(baseUrl: string): OpenProofs {
	const load = rememberArtifacts(fetchArtifacts(baseUrl));
	return (context) => new WorkerProofs(context, load, startWorker);
}

function startWorker(): Worker {
	return new Worker(new URL('./proofs.worker.ts', import.meta.url), { type: 'module', name: 'proofs' });
}

/** How {@link workerProofs} talks to its workers, however they are started. */
export class WorkerProofs implements Proofs {
	readonly #verifier: WorkerSlot<ProofsWorkerApi>;
	readonly #prover: WorkerSlot<ProofsWorkerApi>;
	/** The end of the line for the prover: it has one call at a time, so that aborting it hits no other. */
	#line: Promise<unknown> = Promise.resolve();
	#isClosed = false;

	constructor(context: ProofContext, load: LoadArtifact, start: () => Worker) {
		const slot = (): WorkerSlot<ProofsWorkerApi> =>
			new WorkerSlot(start, (remote) =>
				remote.open(
					context,
					proxy((depth, kind) => settle(() => load(depth, kind)))
				)
			);
		this.#verifier = slot();
		this.#prover = slot();
	}

	async verify(statements: readonly ProofStatement[]): Promise<boolean[]> {
		this.#requireOpen();
		return this.#verifier.call((remote) => remote.verify(statements));
	}

	async verifySignatures(statements: readonly SignatureStatement[]): Promise<boolean[]> {
		this.#requireOpen();
		return this.#verifier.call((remote) => remote.verifySignatures(statements));
	}

	async groupRootOf(commitments: readonly Hash[]): Promise<Hash> {
		this.#requireOpen();
		return this.#verifier.call((remote) => remote.groupRootOf(commitments));
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
		this.#verifier.stop(error);
		this.#prover.stop(error);
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
