import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vitest/config';
import { semaphoreArtifacts } from './src/build/artifacts.ts';
import { peerServer } from './src/build/peerServer.ts';
import { proverInWorkers } from './src/build/proverInWorkers.ts';
import { serveBuild } from './src/build/serveBuild.ts';

export default defineConfig({
	plugins: [tailwindcss(), semaphoreArtifacts(), proverInWorkers(), peerServer(), serveBuild(), sveltekit()],
	worker: { format: 'es' },
	test: {
		include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
		environment: 'node',
		// By itself Vitest leaves a core to its watcher.
		maxWorkers: '100%',
		// Long enough that no slow machine makes a test fail: how fast things are is for the benchmarks to say.
		testTimeout: 60_000,
		hookTimeout: 60_000
	}
});
