import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const CONTENT_TYPES: Record<string, string> = {
	'.css': 'text/css',
	'.html': 'text/html',
	'.js': 'text/javascript',
	'.json': 'application/json',
	'.svg': 'image/svg+xml'
};

/** A site as a static host serves it, compressed, that counts what it sends. */
export interface CompressedSite {
	readonly url: string;
	/** Bytes of bodies so far, as they went over the line. */
	sent(): { readonly bytes: number; readonly scriptBytes: number };
	stop(): void;
}

/** Its tabs find no signalling server: nobody but one visitor is there. */
export async function serveCompressed(folder: string): Promise<CompressedSite> {
	const bodies = new Map<string, Buffer>();
	let bytes = 0;
	let scriptBytes = 0;
	const bodyOf = async (path: string): Promise<Buffer> => {
		const known = bodies.get(path);
		if (known) return known;
		const content = path === '/config.json' ? OWN_SIGNALLING : await readFile(join(folder, path));
		const body = gzipSync(content);
		bodies.set(path, body);
		return body;
	};
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		const path = pathname === '/' ? '/index.html' : normalize(pathname);
		bodyOf(path).then(
			(body) => {
				bytes += body.length;
				if (extname(path) === '.js') scriptBytes += body.length;
				response.setHeader('content-type', CONTENT_TYPES[extname(path)] ?? 'application/octet-stream');
				response.setHeader('content-encoding', 'gzip').end(body);
			},
			() => response.writeHead(404).end()
		);
	});
	await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
	return {
		url: `http://localhost:${(server.address() as AddressInfo).port}/`,
		sent: () => ({ bytes, scriptBytes }),
		stop() {
			server.closeAllConnections();
			server.close();
		}
	};
}

const OWN_SIGNALLING = JSON.stringify({ signalling: 'same-origin', iceServers: [] });
