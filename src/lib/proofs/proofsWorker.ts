import { PollenError } from '../errors/pollenError';
import { InlineProofs } from './inlineProofs';
import { settle, unwrap } from './outcome';
import type { ProofsWorkerApi } from './workerApi';

/** The inside of a proofs worker: inline proofs, whose errors travel as outcomes. */
export function proofsWorker(): ProofsWorkerApi {
	let opened: InlineProofs | undefined;
	const proofs = (): InlineProofs => {
		if (!opened) throw new PollenError('worker-failed', 'the proofs worker was not opened');
		return opened;
	};
	return {
		open: (context, requestArtifact) =>
			settle(() => {
				opened = new InlineProofs(context, async (depth, kind) => unwrap(await requestArtifact(depth, kind)));
			}),
		verify: (statements) => settle(() => proofs().verify(statements)),
		verifySignatures: (statements) => settle(() => proofs().verifySignatures(statements)),
		prepare: () => settle(() => proofs().prepare()),
		commitmentOf: (key) => settle(() => proofs().commitmentOf(key)),
		nullifierOf: (key) => settle(() => proofs().nullifierOf(key)),
		proveAt: (path, key, message) => settle(() => proofs().proveAt(path, key, message))
	};
}
