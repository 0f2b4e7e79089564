import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { ExpressPeerServer } from 'peer';
import type { Connect, Plugin } from 'vite';

/** Where "same-origin" of config.json looks for the PeerServer; see src/lib/network/signallingConfig.ts. */
const PATH = '/peerjs';

const CONFIG = JSON.stringify({ signalling: 'same-origin', iceServers: [] });

/**
 * How long an offer waits for its peer to appear. Peers register before anybody learns their ID, so that an absent one
 * is not about to come, and whoever dials should hear so soon.
 */
const EXPIRE_TIMEOUT_MS = 1_000;
const EXPIRE_CHECK_MS = 250;

/**
 * Mounts a PeerServer at /peerjs on the server of `vite dev` and `vite preview` and answers /config.json with "use the
 * server you came from", so that everything works without the internet. The built site is not touched.
 */
export function peerServer(): Plugin {
	return {
		name: 'pollen-peer-server',
		configureServer(server) {
			mount(server.httpServer, server.middlewares);
		},
		configurePreviewServer(server) {
			mount(server.httpServer, server.middlewares);
		}
	};
}

/** `httpServer` is null when Vite runs as a middleware of another program, as it does under Vitest. */
function mount(httpServer: object | null, middlewares: Connect.Server): void {
	if (!httpServer) return;
	const { handle, upgrade } = createPeerServer();
	middlewares.use((request, response, next) => {
		const path = pathOf(request);
		if (path === '/config.json') {
			response.setHeader('Content-Type', 'application/json');
			response.setHeader('Cache-Control', 'no-cache');
			response.end(CONFIG);
		} else if (isBelow(path)) {
			handle(request, response, next);
		} else {
			next();
		}
	});
	// Vite's own WebSockets share this event: whatever is not below /peerjs is theirs.
	(httpServer as Server).on('upgrade', (request, socket, head) => {
		if (isBelow(pathOf(request))) upgrade(request, socket, head);
		// Node leaves an upgraded socket without anybody to hear its errors, and an error that nobody hears ends the process.
		else socket.on('error', () => undefined);
	});
}

interface MountedPeerServer {
	readonly handle: Connect.NextHandleFunction;
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * A PeerServer that listens nowhere itself. Its WebSocket server takes every upgrade of the HTTP server it is given and
 * answers 400 to paths that are not its own, so it is given one that never listens and gets only what we pass on.
 */
function createPeerServer(): MountedPeerServer {
	const upgrades = createServer();
	const options = { path: '/', expire_timeout: EXPIRE_TIMEOUT_MS, cleanup_out_msgs: EXPIRE_CHECK_MS };
	// PeerServer begins when an Express application mounts it, which Vite's middleware stack is not. Any Express
	// application will do, and an unmounted PeerServer is one.
	const parent = ExpressPeerServer(upgrades);
	const peers = ExpressPeerServer(upgrades, options);
	parent.use(PATH, peers);
	// A client that breaks its socket or sends nonsense is no business of the page's server.
	peers.on('error', () => undefined);
	return {
		handle: parent as unknown as Connect.NextHandleFunction,
		upgrade: (request, socket, head) => void upgrades.emit('upgrade', request, socket, head)
	};
}

function pathOf(request: Connect.IncomingMessage | IncomingMessage): string {
	const url = request.url ?? '/';
	const end = url.indexOf('?');
	return end < 0 ? url : url.slice(0, end);
}

function isBelow(path: string): boolean {
	return path === PATH || path.startsWith(`${PATH}/`);
}
