import * as v from 'valibot';
import { PollenError } from '../errors/pollenError';

/** Where peers find each other, and the ICE servers that help them through NAT. */
export interface SignallingConfig {
	readonly signalling: SignallingServer;
	readonly iceServers: RTCIceServer[];
	/** Whether nodes find each other by an election's well-known IDs; without them only by peer ID. */
	readonly rendezvous: boolean;
}

export interface SignallingServer {
	readonly host: string;
	readonly port: number;
	/** Path of the PeerServer, beginning with a slash. */
	readonly path: string;
	readonly secure: boolean;
}

/** Path of the PeerServer when it shares the page's own server. */
const SAME_ORIGIN_PATH = '/peerjs';

const TIMEOUT_MS = 8_000;

const ServerSchema = v.strictObject({
	host: v.pipe(v.string(), v.regex(/^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])$/, 'a host name or address')),
	port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
	path: v.pipe(v.string(), v.regex(/^\/[\w\-./~]*$/, 'a path that begins with a slash')),
	secure: v.boolean()
});

const IceUrlSchema = v.pipe(v.string(), v.regex(/^(?:stun|stuns|turn|turns):\S+$/, 'a stun: or turn: address'));

const IceServerSchema = v.strictObject({
	urls: v.union([IceUrlSchema, v.pipe(v.array(IceUrlSchema), v.minLength(1))]),
	username: v.exactOptional(v.string()),
	credential: v.exactOptional(v.string())
});

const ConfigSchema = v.strictObject({
	signalling: v.union([v.literal('same-origin'), ServerSchema]),
	iceServers: v.pipe(v.array(IceServerSchema), v.maxLength(16)),
	rendezvous: v.optional(v.boolean(), true)
});

/**
 * Reads `config.json` beside the page. Rejects with signalling-unreachable when it is missing or broken; the node then
 * works alone.
 *
 * @param baseUrl Absolute address of the folder the site is served from, with a slash at its end.
 */
export async function loadSignallingConfig(
	baseUrl: string,
	fetchFile: typeof globalThis.fetch = globalThis.fetch
): Promise<SignallingConfig> {
	const url = new URL('config.json', baseUrl);
	return parseSignallingConfig(await fetchJson(url, fetchFile), url);
}

/** Checks a parsed config.json; `origin` is what "same-origin" stands for. Throws signalling-unreachable. */
export function parseSignallingConfig(json: unknown, origin: URL): SignallingConfig {
	const parsed = v.safeParse(ConfigSchema, json);
	if (!parsed.success) {
		const [issue] = parsed.issues;
		const place = v.getDotPath(issue) ?? 'the whole file';
		throw new PollenError('signalling-unreachable', `config.json is broken at ${place}: ${issue.message}`);
	}
	const { signalling, iceServers, rendezvous } = parsed.output;
	return { signalling: signalling === 'same-origin' ? sameOrigin(origin) : signalling, iceServers, rendezvous };
}

async function fetchJson(url: URL, fetchFile: typeof globalThis.fetch): Promise<unknown> {
	let response: Response;
	try {
		response = await fetchFile(url, { cache: 'no-cache', signal: AbortSignal.timeout(TIMEOUT_MS) });
	} catch (error) {
		throw new PollenError('signalling-unreachable', `${url.href} could not be read.`, { cause: error });
	}
	if (!response.ok) {
		throw new PollenError('signalling-unreachable', `${url.href} could not be read: status ${response.status}.`);
	}
	try {
		return await response.json();
	} catch (error) {
		throw new PollenError('signalling-unreachable', `${url.href} is not JSON.`, { cause: error });
	}
}

function sameOrigin(origin: URL): SignallingServer {
	const secure = origin.protocol === 'https:';
	const port = origin.port === '' ? (secure ? 443 : 80) : Number(origin.port);
	return { host: origin.hostname, port, path: SAME_ORIGIN_PATH, secure };
}
