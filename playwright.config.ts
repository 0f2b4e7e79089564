import { defineConfig } from '@playwright/test';
import { findChromium } from './tests/support/chromium.mjs';

const PORT = Number(process.env.PORT ?? 4173);
const executablePath = findChromium();

/** One worker: several tabs mine at once in these tests, and share the machine as it is. */
export default defineConfig({
	testDir: 'tests/e2e',
	workers: 1,
	fullyParallel: false,
	forbidOnly: Boolean(process.env.CI),
	retries: 0,
	timeout: 120_000,
	expect: { timeout: 30_000 },
	reporter: [['list']],
	use: {
		baseURL: `http://localhost:${PORT}/`,
		trace: 'retain-on-failure',
		browserName: 'chromium',
		launchOptions: {
			...(executablePath === undefined ? {} : { executablePath }),
			args: [
				'--disable-background-networking',
				'--disable-component-update',
				'--no-first-run',
				...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
			]
		}
	},
	webServer: {
		command: `npx vite preview --port ${PORT} --strictPort`,
		url: `http://localhost:${PORT}/`,
		reuseExistingServer: false,
		timeout: 60_000
	}
});
