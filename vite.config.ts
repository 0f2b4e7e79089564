import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { semaphoreArtifacts } from './src/build/artifacts.ts';
import { peerServer } from './src/build/peerServer.ts';
import { proverInWorkers } from './src/build/proverInWorkers.ts';
import { serveBuild } from './src/build/serveBuild.ts';

/** Tests of what is pure, and of nodes whose outside world is made by the test. */
const SHARED = ['audit', 'bytes', 'chain', 'clock', 'election', 'node', 'ui', 'wire']
	.map((folder) => `src/lib/${folder}/**/*.test.ts`)
	.concat('tests/simulation/*.test.ts');

export default defineConfig({
	plugins: [tailwindcss(), semaphoreArtifacts(), proverInWorkers(), peerServer(), serveBuild(), sveltekit()],
	worker: { format: 'es' },
	test: {
		projects: [
			// Nothing in these has a state that outlives a test, so that they need not be loaded anew for every file.
			{ extends: true, test: { name: 'shared', include: SHARED, isolate: false } },
			{ extends: true, test: { name: 'alone', include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], exclude: SHARED } }
		],
		environment: 'node',
		// By itself Vitest leaves a core to its watcher.
		maxWorkers: '100%',
		// Long enough that no slow machine makes a test fail: how fast things are is for the benchmarks to say.
		testTimeout: 60_000,
		hookTimeout: 60_000,
		expect: { poll: { interval: 5, timeout: 60_000 } }
	}
});
