import type { ElectionId } from '../bytes/hash';
import { decodeCheckedElection, decodeElection, type Election } from '../election/definition';
import { electionIdOf, rememberGenesisRoot } from '../election/genesis';
import { errorCode, PollenError } from '../errors/pollenError';
import { settle } from '../proofs/outcome';
import { WorkerSlot } from '../proofs/workerSlot';
import type { DefinitionWorkerApi } from './definitionWorker';

/**
 * Reads the definition of an election, wherever its bytes come from: the election ID pins every one of them. Rejects with
 * bad-definition when they stand for none, or for another.
 */
export type ReadDefinition = (bytes: Uint8Array, electionId: ElectionId) => Promise<Election>;

/** A definition of so many bytes is checked in a few milliseconds, sooner than a worker starts. */
const SHORT_BYTES = 2 ** 16;

/** Checks a definition in the calling thread. */
export const readDefinitionInline: ReadDefinition = async (bytes, electionId) => {
	const election = decodeElection(bytes);
	requireId(electionIdOf(election), electionId);
	return election;
};

/**
 * Checks a long definition, which takes 0.1 s for ten thousand voters, in a worker that ends with it: the page stays responsive
 * and only parses what is known to be sound. Where no worker can be had it is checked here.
 */
export function workerDefinitions(start: () => Worker = startWorker): ReadDefinition {
	return async (given, electionId) => {
		if (given.length < SHORT_BYTES) return await readDefinitionInline(given, electionId);
		// What is parsed must be what was checked, whatever becomes of the buffer that it came in.
		const bytes = given.slice();
		const slot = new WorkerSlot<DefinitionWorkerApi>(start, () => settle(() => undefined));
		try {
			const checked = await slot.call((remote) => remote.check(bytes));
			requireId(checked.electionId, electionId);
			const election = decodeCheckedElection(bytes);
			rememberGenesisRoot(election, checked.genesisRoot);
			return election;
		} catch (error) {
			if (errorCode(error, 'bad-definition') !== 'worker-failed') throw error;
			return await readDefinitionInline(bytes, electionId);
		} finally {
			slot.stop(new PollenError('aborted'));
		}
	};
}

function requireId(found: ElectionId, electionId: ElectionId): void {
	if (found !== electionId) throw new PollenError('bad-definition', 'the definition of another election');
}

function startWorker(): Worker {
	return new Worker(new URL('./definition.worker.ts', import.meta.url), { type: 'module', name: 'definition' });
}
