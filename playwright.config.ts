import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, findChromium } from './tests/support/chromium.mjs';

const PORT = Number(process.env.PORT ?? 4173);
const executablePath = findChromium();

/**
 * Two workers, each with a spec file: these tests mostly wait for each other's tabs, blocks and proofs. What they have in
 * common is the PeerServer, on which no two of them are in the same election but by links that name a peer.
 */
export default defineConfig({
	testDir: 'tests/e2e',
	workers: 2,
	fullyParallel: false,
	forbidOnly: Boolean(process.env.CI),
	retries: 0,
	// Ample, so that no slow machine makes a test fail: how long mining takes is chance, and two tests may do it at once.
	timeout: 600_000,
	expect: { timeout: 180_000 },
	reporter: [['list']],
	use: {
		baseURL: `http://localhost:${PORT}/`,
		// No traces unless asked for (`npx playwright test --trace on`): to note what every tab does takes a good part of both cores.
		screenshot: 'only-on-failure',
		// Nor animations, which axe would see half-way.
		contextOptions: { reducedMotion: 'reduce' },
		browserName: 'chromium',
		launchOptions: {
			...(executablePath === undefined ? {} : { executablePath }),
			args: CHROMIUM_ARGS
		}
	},
	webServer: {
		command: `npx vite preview --port ${PORT} --strictPort`,
		url: `http://localhost:${PORT}/`,
		reuseExistingServer: false,
		timeout: 60_000
	}
});
