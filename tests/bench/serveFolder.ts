import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const CONTENT_TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/**
 * Serves the files of a folder on a free port of this machine: pages from localhost are secure contexts, files are not.
 * Returns the address and a function that ends the server.
 */
export async function serveFolder(folder: string): Promise<{ url: string; stop: () => void }> {
	const server = createServer((request, response) => {
		const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
		const file = join(folder, path === '/' ? 'index.html' : path);
		readFile(file).then(
			(content) => response.setHeader('content-type', CONTENT_TYPES[extname(file)] ?? 'text/plain').end(content),
			() => response.writeHead(404).end()
		);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const stop = (): void => {
		server.closeAllConnections();
		server.close();
	};
	return { url: `http://127.0.0.1:${port}/`, stop };
}
