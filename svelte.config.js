import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { siteAdapter } from './src/build/siteAdapter.js';

/** @type {import('@sveltejs/kit').Config} */
const config = {
	preprocess: vitePreprocess(),
	kit: {
		adapter: siteAdapter(adapter({ strict: true })),
		// Every page is index.html plus a fragment, so any static host and any base path serve it, and what stands in
		// the fragment never reaches a server.
		router: { type: 'hash' },
		typescript: {
			config(config) {
				config.include.push('../playwright.config.ts', '../*.config.js');
			}
		},
		paths: { relative: true },
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['none'],
				'script-src': ['self', 'wasm-unsafe-eval'],
				'worker-src': ['self'],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:'],
				'font-src': ['self'],
				'manifest-src': ['self'],
				// The signalling server is the host's choice (config.json), so its name is not known here.
				'connect-src': ['self', 'https:', 'wss:', 'ws://localhost:*', 'http://localhost:*'],
				'base-uri': ['none'],
				'form-action': ['none']
			}
		}
	}
};

export default config;
