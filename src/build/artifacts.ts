import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const FOLDER = dirname(createRequire(import.meta.url).resolve('@zk-kit/semaphore-artifacts/package.json'));
const DEPTHS = [10, 16, 20];
const KINDS = ['wasm', 'zkey'];
const FILES = DEPTHS.flatMap((depth) => KINDS.map((kind) => `semaphore-${depth}.${kind}`));

const WORKER_DEPENDENCIES = [
	'@noble/curves/ed25519.js',
	'@noble/curves/misc.js',
	'@noble/curves/utils.js',
	'@noble/hashes/sha3.js',
	'@zk-kit/eddsa-poseidon',
	'ffjavascript',
	'poseidon-lite/poseidon2',
	'snarkjs'
];

/**
 * Puts the Semaphore artifacts beside the page as `artifacts/semaphore-<depth>.<wasm|zkey>`. They are 15 MB that change
 * only with the package they come from, so they are copied into the build and never committed.
 */
export function semaphoreArtifacts(): Plugin {
	let base = '/';
	return {
		name: 'semaphore-artifacts',
		config() {
			// Only workers import these, so the development server would find them late and reload the page.
			return { optimizeDeps: { include: WORKER_DEPENDENCIES } };
		},
		configResolved(config) {
			base = config.base;
		},
		configureServer(server) {
			server.middlewares.use((request, response, next) => {
				const path = request.url?.split('?')[0];
				const file = FILES.find((name) => path === `${base}artifacts/${name}`);
				if (!file) return next();
				response.setHeader('content-type', file.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream');
				createReadStream(join(FOLDER, file)).on('error', next).pipe(response);
			});
		},
		async generateBundle() {
			// Kit builds once more for prerendering; only what the client build emits is served.
			if (this.environment.name !== 'client') return;
			for (const file of FILES) {
				this.emitFile({ type: 'asset', fileName: `artifacts/${file}`, source: await readFile(join(FOLDER, file)) });
			}
		}
	};
}
