import { proxy, type Remote } from 'comlink';
import type { Hash, Nullifier } from '../bytes/hash';
import { PollenError } from '../errors/pollenError';
import { abortable } from './abortable';
import type { LoadArtifact } from './artifacts';
import { fetchArtifacts } from './fetchArtifacts';
import type { GroupsWorkerApi } from './groupsWorker';
import { settle, type Outcome } from './outcome';
import type { CredentialKey, OpenProofs, ProofContext, ProofStatement, Proofs, SignatureStatement } from './port';
import { rememberArtifacts } from './rememberArtifacts';
import type { ProofsWorkerApi } from './workerApi';
import { WorkerSlot } from './workerSlot';

/**
 * Proofs computed in module workers, so that the page stays responsive and verifying goes on while a proof is made, or the
 * tree of a large group. The page fetches the artifacts and keeps them for workers that are started anew.
 * @param baseUrl where the page lies: an absolute URL that ends with a slash
 */
export function workerProofs(baseUrl: string): OpenProofs {
	const load = rememberArtifacts(fetchArtifacts(baseUrl));
	return (context) => new WorkerProofs(context, load, startWorker, startGroupsWorker);
}

function startWorker(): Worker {
	return new Worker(new URL('./proofs.worker.ts', import.meta.url), { type: 'module', name: 'proofs' });
}

function startGroupsWorker(): Worker {
	return new Worker(new URL('./groups.worker.ts', import.meta.url), { type: 'module', name: 'groups' });
}

/** How {@link workerProofs} talks to its workers, however they are started. */
export class WorkerProofs implements Proofs {
	readonly #verifier: WorkerSlot<ProofsWorkerApi>;
	readonly #prover: WorkerSlot<ProofsWorkerApi>;
	/** Has the trees for both: it is not ended with a proof that is aborted, and nothing waits behind it but who needs a tree. */
	readonly #groups: WorkerSlot<GroupsWorkerApi>;
	/** The end of the line for the prover: it has one call at a time, so that aborting it hits no other. */
	#line: Promise<unknown> = Promise.resolve();
	#isClosed = false;

	constructor(context: ProofContext, load: LoadArtifact, start: () => Worker, startGroups: () => Worker) {
		const slot = (): WorkerSlot<ProofsWorkerApi> =>
			new WorkerSlot(start, (remote) =>
				remote.open(
					context,
					proxy((depth, kind) => settle(() => load(depth, kind)))
				)
			);
		this.#verifier = slot();
		this.#prover = slot();
		this.#groups = new WorkerSlot(startGroups, () => settle(() => undefined));
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
		return this.#groups.call((remote) => remote.rootOf(commitments));
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
		return abortable(() => this.#prove(key, group, message, signal), signal);
	}

	/** Pending calls, and all that come later, reject with `aborted`. */
	close(): void {
		this.#isClosed = true;
		const error = new PollenError('aborted', 'the election was closed');
		this.#verifier.stop(error);
		this.#prover.stop(error);
		this.#groups.stop(error);
	}

	async #prove(
		key: CredentialKey,
		group: readonly Hash[],
		message: Hash,
		signal: AbortSignal | undefined
	): Promise<ProofStatement> {
		const commitment = await this.commitmentOf(key);
		this.#requireOpen();
		const path = await this.#groups.call((remote) => remote.pathOf(group, commitment));
		if (!path) throw new PollenError('wrong-code', 'the credential is not in the group');
		return await this.#inLine((remote) => remote.proveAt(path, key, message), signal);
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
