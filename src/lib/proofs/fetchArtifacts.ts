import { hashFromBytes } from '../bytes/hex';
import { PollenError } from '../errors/pollenError';
import { ARTIFACT_HASHES } from './artifactHashes';
import { artifactPath, type LoadArtifact } from './artifacts';

/**
 * Loads artifacts from the page's own origin and checks their SHA-256.
 * @param baseUrl where the page lies: an absolute URL that ends with a slash
 */
export function fetchArtifacts(baseUrl: string): LoadArtifact {
	return async (depth, kind) => {
		const url = new URL(artifactPath(depth, kind), baseUrl);
		const expected = ARTIFACT_HASHES[depth][kind];
		const cached = await fetchBytes(url, 'default');
		if ((await sha256Of(cached)) === expected) return cached;
		// A cache may still hold the artifact of an earlier version of the page.
		const fresh = await fetchBytes(url, 'reload');
		if ((await sha256Of(fresh)) === expected) return fresh;
		throw new PollenError('artifact-corrupt', `${url.pathname} is not what this version of the page expects`);
	};
}

async function fetchBytes(url: URL, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
	try {
		const response = await fetch(url, { cache });
		if (!response.ok) throw new Error(`HTTP status ${response.status}`);
		return new Uint8Array(await response.arrayBuffer());
	} catch (cause) {
		throw new PollenError('artifact-unreachable', `${url.pathname} cannot be loaded`, { cause });
	}
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	return hashFromBytes(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
