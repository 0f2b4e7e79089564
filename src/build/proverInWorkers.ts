import type { Plugin } from 'vite';

const PROVER = /\/node_modules\/(snarkjs|ffjavascript|mcl-wasm)\//;

/**
 * Fails the build when a script of the page itself holds the prover. It belongs to workers, which Vite bundles apart: so
 * an election page is there before the prover is, and goes on while it works.
 */
export function proverInWorkers(): Plugin {
	return {
		name: 'pollen-prover-in-workers',
		generateBundle(_, bundle) {
			if (this.environment.name !== 'client') return;
			for (const output of Object.values(bundle)) {
				if (output.type !== 'chunk') continue;
				const prover = output.moduleIds.find((id) => PROVER.test(id));
				if (prover !== undefined) this.error(`${prover} is part of ${output.fileName}, which is no worker's`);
			}
		}
	};
}
