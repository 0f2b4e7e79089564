import { hashFromBytes } from '../bytes/hex';
import { PollenError } from '../errors/pollenError';
import { artifactPath, type LoadArtifact } from './artifacts';
import type { ByteCache } from './byteCache';
import { KNOWN_ARTIFACTS, type KnownArtifact } from './knownArtifacts';

/**
 * Loads artifacts from the page's own origin, checks their SHA-256, and keeps them for the next visit. They are kept by
 * their SHA-256 and checked again when they come back: neither what an earlier version of the page kept nor what was
 * damaged meanwhile is ever used, and what was damaged is fetched anew and replaced.
 * @param baseUrl where the page lies: an absolute URL that ends with a slash
 */
export function fetchArtifacts(baseUrl: string, kept: ByteCache): LoadArtifact {
	return async (depth, kind, onBytes) => {
		const known = KNOWN_ARTIFACTS[depth][kind];
		const keptBytes = await kept.load(known.sha256);
		if (keptBytes && (await isArtifact(keptBytes, known))) return keptBytes;
		onBytes?.(0);
		const url = new URL(artifactPath(depth, kind), baseUrl);
		const bytes = await fetchBytes(url, known.byteLength, onBytes);
		if (!bytes || !(await isArtifact(bytes, known))) {
			throw new PollenError('artifact-corrupt', `${url.pathname} is not what this version of the page expects`);
		}
		// Not waited for: the next visit is in no hurry.
		void kept.save(known.sha256, bytes);
		return bytes;
	};
}

/** Undefined when there are more or fewer bytes than there should be. */
async function fetchBytes(
	url: URL,
	byteLength: number,
	onBytes: ((loaded: number) => void) | undefined
): Promise<Uint8Array<ArrayBuffer> | undefined> {
	try {
		// Whatever the page itself needs goes first. The browser's own cache is left out: it goes by address, so that it may
		// hold what an earlier version of the page asked for.
		const response = await fetch(url, { cache: 'no-store', priority: 'low' });
		if (!response.ok) throw new Error(`HTTP status ${response.status}`);
		return await readBytes(response, byteLength, onBytes);
	} catch (cause) {
		throw new PollenError('artifact-unreachable', `${url.pathname} cannot be loaded`, { cause });
	}
}

async function readBytes(
	{ body }: Response,
	byteLength: number,
	onBytes: ((loaded: number) => void) | undefined
): Promise<Uint8Array<ArrayBuffer> | undefined> {
	const bytes = new Uint8Array(byteLength);
	const reader = body?.getReader();
	let loaded = 0;
	for (;;) {
		const chunk = (await reader?.read())?.value;
		if (!chunk) return loaded === byteLength ? bytes : undefined;
		if (loaded + chunk.length > byteLength) {
			await reader?.cancel();
			return undefined;
		}
		bytes.set(chunk, loaded);
		loaded += chunk.length;
		onBytes?.(loaded);
	}
}

async function isArtifact(bytes: Uint8Array<ArrayBuffer>, { sha256 }: KnownArtifact): Promise<boolean> {
	return hashFromBytes(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) === sha256;
}
