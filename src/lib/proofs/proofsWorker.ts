import { PollenError } from '../errors/pollenError';
import { inlineProofs } from './inlineProofs';
import { settle, unwrap } from './outcome';
import type { Proofs } from './port';
import type { ProofsWorkerApi } from './workerApi';

/** The inside of a proofs worker: inline proofs, whose errors travel as outcomes. */
export function proofsWorker(): ProofsWorkerApi {
	let opened: Proofs | undefined;
	const proofs = (): Proofs => {
		if (!opened) throw new PollenError('worker-failed', 'the proofs worker was not opened');
		return opened;
	};
	return {
		open: (context, requestArtifact) =>
			settle(() => {
				opened = inlineProofs(async (depth, kind) => unwrap(await requestArtifact(depth, kind)))(context);
			}),
		verify: (statements) => settle(() => proofs().verify(statements)),
		verifySignatures: (statements) => settle(() => proofs().verifySignatures(statements)),
		groupRootOf: (commitments) => settle(() => proofs().groupRootOf(commitments)),
		prepare: () => settle(() => proofs().prepare()),
		commitmentOf: (key) => settle(() => proofs().commitmentOf(key)),
		nullifierOf: (key) => settle(() => proofs().nullifierOf(key)),
		prove: (key, group, message) => settle(() => proofs().prove(key, group, message))
	};
}
