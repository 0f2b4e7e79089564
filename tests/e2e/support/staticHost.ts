import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';

export interface StaticHost {
	/** Address of the folder's page. */
	readonly url: string;
	stop(): Promise<void>;
}

/** A plain static web server: the build folder below a base path, and nothing else. */
export async function hostStatically(folder: string, basePath: string): Promise<StaticHost> {
	const serve = sirv(folder, { dev: true });
	const server = createServer((request, response) => {
		if (!request.url?.startsWith(basePath)) {
			response.writeHead(404).end();
			return;
		}
		request.url = `/${request.url.slice(basePath.length)}`;
		serve(request, response, () => void response.writeHead(404).end());
	});
	await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://localhost:${port}${basePath}`,
		stop: () => new Promise((resolve) => server.close(() => resolve()))
	};
}
