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

const OWN_SIGNALLING = JSON.stringify({ signalling: 'same-origin', iceServers: [] });

/** A site as a static host serves it, compressed, that counts what it sends. */
export interface CompressedSite {
	readonly url: string;
	/** Answers so far, and the bytes of their bodies as they went over the line. */
	sent(): { readonly answers: number; readonly bytes: number; readonly scriptBytes: number };
	stop(): void;
}

/** There is no signalling server where its tabs look for one: each is alone. */
export async function serveCompressed(folder: string): Promise<CompressedSite> {
	const bodies = new Map<string, Buffer>();
	let answers = 0;
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
				answers += 1;
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
		sent: () => ({ answers, bytes, scriptBytes }),
		stop() {
			server.closeAllConnections();
			server.close();
		}
	};
}
