import { readFileSync } from 'node:fs';
import sirv from 'sirv';
import type { Plugin } from 'vite';

const POLICY = /http-equiv="content-security-policy" content="([^"]+)"/;

/**
 * Makes `vite preview` serve the build folder itself, byte for byte as a static host would, so that what is tested is
 * what is hosted. The policy that the page carries is also sent as a header, because a worker obeys only the header it
 * came with: a host that sends it protects the workers too, and the tests prove that they run under it.
 */
export function serveBuild(folder = 'build'): Plugin {
	return {
		name: 'pollen-serve-build',
		configurePreviewServer(server) {
			const policy = POLICY.exec(readFileSync(`${folder}/index.html`, 'utf8'))?.[1];
			if (!policy) throw new Error(`${folder}/index.html carries no Content-Security-Policy`);
			const serve = sirv(folder, {
				etag: true,
				setHeaders(response) {
					response.setHeader('Content-Security-Policy', policy);
				}
			});
			server.middlewares.use((request, response, next) => serve(request, response, next));
		}
	};
}
